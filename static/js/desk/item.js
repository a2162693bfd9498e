import { cloned, part, showFor, showPart, write, writeLabels } from "../live/parts.js";
import { clock, count, fill, words } from "../live/words.js";

const KEPT = ["current", "fresh", "dragged"];

export function newItem(question) {
  const node = cloned("question", question.id);
  fillItem(node, question);
  return node;
}

/** Writes a question's state into its list item; the item itself stays, and with it the focus. */
export function fillItem(node, question) {
  const had = node.contains(document.activeElement);
  node.className = ["item", question.state, ...KEPT.filter((name) => node.classList.contains(name))].join(" ");
  node.querySelector("[data-tick]").value = `${question.id}:${question.version}`;
  for (const field of node.querySelectorAll("[data-version]")) field.value = question.version;
  fillFacts(node, question);
  fillCount(node, question);
  showFor(node, question.state, ({ dataset: { act } }) => act === (question.pinned ? "pin" : "unpin"));
  // The button that was pressed may be gone now.
  if (had && document.activeElement.closest("[hidden]")) node.focus({ preventScroll: true });
}

function fillFacts(node, question) {
  part(node, "asked").dateTime = question.asked_at;
  write(node, "asked", clock(new Date(question.asked_at)));
  write(node, "author", question.author?.name ?? words.anonymous);
  write(node, "text", question.text);
  const marks = (question.marks ?? []).join(", ");
  write(node, "marks-text", fill(words.marks, { words: marks }));
  for (const [name, text] of [["reply", question.reply], ["note", question.note], ["original", question.original]]) {
    write(node, `${name}-text`, text ?? "");
    showPart(node, name, Boolean(text));
  }
  showPart(node, "marks", Boolean(marks));
  showPart(node, "pinned", question.pinned);
  showPart(node, "picked", Boolean(question.picked));
  showPart(node, "nameless", Boolean(question.anonymous && question.author));
  writeLabels(node, question.labels ?? []);
}

export function fillCount(node, question) {
  write(node, "votes", count("votes", question.votes), question.votes > 0);
}
