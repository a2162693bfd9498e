import { fold } from "../live/fold.js";
import { count } from "../live/words.js";

const PAUSE = 700;

/** Finds questions in all columns while somebody types. */
export function useSearch(desk) {
  const { root, columns, selection, announcer, store } = desk;
  const form = root.querySelector("[data-find]");
  const field = form.elements.find;
  let timer = 0;

  const find = () => {
    clearTimeout(timer);
    const wanted = fold(field.value.trim()).split(/\s+/).filter(Boolean);
    const found = columns.filter((question) => !question || wanted.every((word) => textOf(question).includes(word)));
    if (wanted.length) timer = setTimeout(() => announcer.say(count("found", found)), PAUSE);
  };
  field.addEventListener("input", find);
  store.addEventListener("all", find);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    selection.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    field.value = "";
    find();
    selection.focus();
  });
  desk.search = () => {
    field.focus();
    field.select();
  };
}

function textOf({ text, reply, author, labels = [] }) {
  return fold([text, reply ?? "", author?.name ?? "", ...labels].join(" "));
}
