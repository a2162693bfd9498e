import { cloned, showPart, write } from "../live/parts.js";
import { clock, words } from "../live/words.js";

/** Announcements, to this room or to all rooms of the summit, and taking them back. */
export function useAnnouncing({ connection, outbox, store, dialogs, bar }) {
  const dialog = dialogs.dialog("announce");
  const form = dialog.querySelector("form");
  const wrong = dialog.querySelector("[data-told-wrong]");
  form.addEventListener("submit", (event) => {
    if (!connection.works) return;
    event.preventDefault();
    const { text, level, everywhere } = form.elements;
    outbox.add("announce", { text: text.value, level: level.checked ? "urgent" : "info", everywhere: everywhere.checked });
    dialog.close();
    form.reset();
  });
  dialog.addEventListener("submit", (event) => {
    if (!connection.works || !event.target.matches("[data-retract]")) return;
    event.preventDefault();
    const announcement = event.target.closest("[data-told]").dataset.told;
    outbox.add("retract", { announcement, everywhere: event.submitter?.name === "everywhere" });
  });
  for (const type of ["all", "announcement", "retracted"]) store.addEventListener(type, () => showTold(dialog, store));
  outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
    const isDone = answer.type === "ack";
    if (item.type === "announce") {
      if (isDone) return bar.say(words.did.announce);
      form.elements.text.value = item.text;
      bar.wrong(answer.message);
    } else if (item.type === "retract") {
      Object.assign(wrong, { textContent: isDone ? "" : answer.message, hidden: isDone });
      if (isDone) bar.say(words.did.retract);
    }
  });
}

/** The list stays as it is but for what came or went, and the focus in it. */
function showTold(dialog, { announcements }) {
  const list = dialog.querySelector("[data-announced]");
  const had = list.contains(document.activeElement);
  const there = new Map([...list.children].map((node) => [node.dataset.told, node]));
  const wanted = announcements.map((one) => there.get(one.id) ?? made(one)).reverse();
  for (const node of [...list.children]) if (!wanted.includes(node)) node.remove();
  wanted.forEach((node, at) => { if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null); });
  dialog.querySelector("[data-told-block]").hidden = !wanted.length;
  if (had && !list.contains(document.activeElement)) (list.querySelector("button") ?? dialog.querySelector("textarea")).focus();
}

function made({ id, text, made_at, everywhere }) {
  const node = cloned("told", id);
  write(node, "text", text);
  write(node, "made", clock(new Date(made_at)));
  showPart(node, "everywhere", Boolean(everywhere));
  return node;
}
