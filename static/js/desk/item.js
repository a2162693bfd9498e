import { cloned, part, showFor, showPart, write, writeLabels } from "../live/parts.js";
import { clock, count, fill, words } from "../live/words.js";

export function newItem(question) {
  const node = cloned("question", question.id);
  fillItem(node, question);
  return node;
}

/** Writes a question's state into its list item; the item itself stays, and with it the focus. */
export function fillItem(node, question) {
  const keeps = ["picked", "fresh"].filter((name) => node.classList.contains(name));
  node.className = ["item", question.state, ...keeps].join(" ");
  const asked = new Date(question.asked_at);
  part(node, "asked").dateTime = question.asked_at;
  write(node, "asked", clock(asked));
  write(node, "author", question.author?.name ?? words.anonymous);
  write(node, "text", question.text);
  write(node, "reply-text", question.reply ?? "");
  showPart(node, "reply", Boolean(question.reply));
  showPart(node, "pinned", question.pinned);
  showPart(node, "nameless", Boolean(question.anonymous && question.author));
  showPart(node, "edited", question.edited);
  write(node, "marks", fill(words.marks, { words: (question.marks ?? []).join(", ") }), Boolean(question.marks?.length));
  showPart(node, "picked", Boolean(question.picked));
  write(node, "note-text", question.note ?? "");
  showPart(node, "note", Boolean(question.note));
  writeLabels(node, question.labels ?? []);
  showFor(node, question.state, ({ dataset: { act } }) => act === (question.pinned ? "pin" : "unpin") || act === (question.picked ? "pick" : "unpick"));
  fillCount(node, question);
}

export function fillCount(node, question) {
  write(node, "votes", count("votes", question.votes), question.votes > 0);
}
