import { count } from "./words.js";

const PAUSE = 700;

/** Finds while somebody types, and says in bulk how many. */
export function makeSearch(root, { list, announcer }) {
  const form = root.querySelector("[data-search]");
  const field = form.elements.q;
  let timer = 0;
  const find = () => {
    clearTimeout(timer);
    const found = list.search(field.value.trim());
    if (found !== null) timer = setTimeout(() => announcer.say(count("found", found)), PAUSE);
  };
  field.addEventListener("input", find);
  form.addEventListener("submit", (event) => {
    if (!list.isFilled) return;
    event.preventDefault();
    find();
  });
  root.querySelector("[data-show-all]").addEventListener("click", (event) => {
    if (!list.isFilled) return;
    event.preventDefault();
    field.value = "";
    find();
    field.focus();
  });
}
