import { words } from "../live/words.js";

/** Mutes or removes the one who asked, after the dialog has said what that means. */
export function useAsker(desk) {
  const { store, outbox, dialogs, bar } = desk;
  const dialog = dialogs.dialog("asker");
  const form = dialog.querySelector("form");
  let id = null;

  desk.asker = (chosen) => {
    const question = store.questions.get(chosen);
    if (!question) return;
    id = chosen;
    form.reset();
    dialog.querySelector("[data-asker]").textContent = question.author?.name ?? words.nameless;
    dialog.querySelector("[data-about]").textContent = question.text;
    dialogs.open("asker");
    form.elements.reason.focus();
  };

  form.addEventListener("submit", (event) => {
    const { reason, where } = form.elements;
    const fields = { question: id, action: event.submitter.value, reason: reason.value.trim() };
    outbox.add("sanction", { ...fields, everywhere: where.value === "everywhere" });
  });
  // Enter in the field must not decide between the two.
  form.elements.reason.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());

  outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
    if (item.type !== "sanction") return;
    if (answer.type === "error") return bar.wrong(answer.message);
    bar.say(words.did[item.action === "restore" ? "restored" : item.action]);
  });
}
