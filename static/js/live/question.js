import { cloned, part, showFor, showPart, write, writeLabels } from "./parts.js";
import { count, words } from "./words.js";

const PRIVATE = ["waiting", "dismissed", "withdrawn"];
const VOTABLE = ["open", "answering"];

export function newQuestion(question, store) {
  const node = cloned("question", question.id);
  fillQuestion(node, question, store);
  return node;
}

/** Writes a question's state into its list item; the item itself stays, and with it focus and place. */
export function fillQuestion(node, question, store) {
  const own = store.mine.get(question.id);
  const classes = ["question", question.state];
  if (own && PRIVATE.includes(question.state)) classes.push("mine");
  if (question.pinned) classes.push("pinned");
  if (node.classList.contains("fresh")) classes.push("fresh");
  node.className = classes.join(" ");
  write(node, "author", author(question, own));
  write(node, "text", question.text);
  write(node, "reply-text", question.reply ?? "");
  write(node, "note-text", own?.note ?? "");
  showPart(node, "reply", Boolean(question.reply));
  showPart(node, "note", Boolean(own?.note));
  showPart(node, "pinned", question.pinned);
  showPart(node, "edited", question.edited);
  writeLabels(node, question.labels ?? []);
  showFor(node, question.state, (element) => element.matches("[data-withdraw]") && !own);
  node.querySelector("[data-vote]").hidden = PRIVATE.includes(question.state);
  node.querySelector(".vote").disabled = !VOTABLE.includes(question.state);
  fillVotes(node, question, store);
}

export function fillVotes(node, question, store) {
  const button = node.querySelector(".vote");
  const voted = store.voted.has(question.id);
  button.value = voted ? "0" : "1";
  button.setAttribute("aria-pressed", String(voted));
  write(node, "votes", question.votes, true);
  part(node, "vote-word").textContent = voted ? words.your_vote : count("vote_word", question.votes);
}

function author(question, own) {
  if (own) return own.anonymous ? words.you_anonymous : words.you;
  return question.author?.name ?? words.anonymous;
}
