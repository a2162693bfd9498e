import { hasWords } from "../live/fold.js";
import { cloned, write } from "../live/parts.js";
import { similar } from "../live/similar.js";
import { count, words } from "../live/words.js";

const MOST = 40;
const TARGETS = ["open", "answering", "answered"];

/** Finds the question that another one, or several, is merged into: what is most like it stands first. */
export function useMerging(desk) {
  const { store, acts, dialogs } = desk;
  const dialog = dialogs.dialog("merge");
  const form = dialog.querySelector("form");
  const place = dialog.querySelector("[data-targets]");
  const find = dialog.querySelector("[data-merge-find]");
  let ids = [];

  desk.merge = (chosen) => {
    ids = [chosen].flat().filter((id) => acts.suits("merge", id));
    if (!ids.length) return;
    find.value = "";
    const about = dialog.querySelector("[data-about]");
    about.textContent = ids.length > 1 ? count("questions", ids.length) : store.questions.get(ids[0]).text;
    list();
    dialogs.open("merge");
    find.focus();
  };

  const list = () => {
    const open = [...store.questions.values()].filter(({ id, state }) => TARGETS.includes(state) && !ids.includes(id));
    const alike = similar(store.questions.get(ids[0])?.text ?? "", open, MOST);
    const rest = open.filter((question) => !alike.includes(question)).sort((a, b) => b.votes - a.votes);
    const found = [...alike, ...rest].filter((question) => hasWords(question, find.value.trim())).slice(0, MOST);
    place.replaceChildren(...found.map(target));
    const first = place.querySelector("input");
    if (first && (alike.length || find.value.trim())) first.checked = true;
    dialog.querySelector("[data-no-targets]").hidden = found.length > 0;
    dialog.querySelector("[data-save]").disabled = !found.length;
  };

  find.addEventListener("input", list);
  form.addEventListener("submit", () => {
    const into = form.elements.into?.value ?? new FormData(form).get("into");
    if (into) acts.act("merge", ids, { into });
  });
}

function target(question) {
  const node = cloned("target", question.id);
  write(node, "text", question.text);
  write(node, "votes", count("votes", question.votes), question.votes > 0);
  write(node, "state", question.state === "open" ? "" : words.did[question.state === "answering" ? "answer" : "answered"]);
  return node;
}
