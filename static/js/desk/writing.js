import { count, words } from "../live/words.js";

const WRITTEN = ["edit", "reply", "note", "label"];

/** What is written about a question: its text, a reply, a note, labels (these for several at once, too). */
export function useWriting(desk) {
  const { store, acts, dialogs } = desk;
  const dialog = dialogs.dialog("write");
  const text = dialog.querySelector("textarea");
  const ready = dialog.querySelector("[data-ready-made]");
  let writing = null;

  desk.write = (action, chosen) => {
    const ids = [chosen].flat();
    const question = store.questions.get(ids[0]);
    if (!question) return;
    writing = { action, ids };
    const say = words.write[action];
    dialog.querySelector("h2").textContent = say.title;
    dialog.querySelector("[data-label]").textContent = say.label;
    dialog.querySelector("[data-save]").textContent = say.save;
    const about = dialog.querySelector("[data-about]");
    about.textContent = ids.length > 1 ? count("questions", ids.length) : question.text;
    about.hidden = action === "edit";
    const labels = ids.length > 1 ? "" : (question.labels ?? []).join(", ");
    text.value = { edit: question.text, reply: question.reply ?? "", note: question.note ?? "", label: labels }[action];
    if (ready) ready.closest("[data-ready]").hidden = action !== "reply";
    dialogs.open("write");
    text.focus();
  };

  ready?.addEventListener("change", () => {
    if (ready.value) text.value = text.value.trim() ? `${text.value.trimEnd()}\n${ready.value}` : ready.value;
    ready.value = "";
    text.focus();
  });

  dialog.querySelector("form").addEventListener("submit", () => {
    const { action, ids } = writing;
    const written = text.value.trim();
    const labels = written.split(",").map((label) => label.trim()).filter(Boolean);
    if (action === "label") acts.act("label", ids, { labels });
    else if (written || action === "note") acts.act(action, ids, { text: written });
  });

  // What was refused is not lost: it stands there again, to be put right.
  acts.addEventListener("refused", ({ detail: { item, ids } }) => {
    if (!WRITTEN.includes(item.action) || dialogs.isOpen) return;
    desk.write(item.action, ids);
    text.value = item.action === "label" ? (item.labels ?? []).join(", ") : item.text;
  });
}
