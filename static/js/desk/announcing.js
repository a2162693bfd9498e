import { words } from "../live/words.js";

/** Announcements, to this room or to all rooms of the summit. */
export function useAnnouncing({ connection, outbox, dialogs, bar }) {
  const dialog = dialogs.dialog("announce");
  const form = dialog.querySelector("form");
  form.addEventListener("submit", (event) => {
    if (!connection.works) return;
    event.preventDefault();
    const { text, level, everywhere } = form.elements;
    outbox.add("announce", { text: text.value, level: level.checked ? "urgent" : "info", everywhere: everywhere.checked });
    dialog.close();
    form.reset();
  });
  outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
    if (item.type !== "announce") return;
    if (answer.type === "ack") return bar.say(words.did.announce);
    form.elements.text.value = item.text;
    bar.wrong(answer.message);
  });
}
