import { cloned, part, showFor, showPart, write } from "./parts.js";
import { count, fill, words } from "./words.js";

const PRIVATE = ["waiting", "dismissed", "withdrawn", "merged"];
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
  write(node, "reply-by", question.reply_by ? fill(words.reply_by, { name: question.reply_by }) : words.reply);
  write(node, "note-text", own?.note ?? "");
  showPart(node, "reply", Boolean(question.reply));
  showPart(node, "note", Boolean(own?.note));
  showPart(node, "pinned", question.pinned);
  showPart(node, "picked", Boolean(question.picked));
  showPart(node, "edited", question.edited);
  const state = question.state === "answered" && question.reply ? "written" : question.state;
  showFor(node, state, (element) => "own" in element.dataset && !own);
  leadOn(node, question, store);
  node.querySelector("[data-vote]").hidden = PRIVATE.includes(question.state);
  fillVotes(node, question, store);
}

export function fillVotes(node, question, store) {
  const button = node.querySelector(".vote");
  const voted = store.voted.has(question.id);
  button.value = voted ? "0" : "1";
  button.setAttribute("aria-pressed", String(voted));
  button.disabled = !VOTABLE.includes(question.state) || store.session.voting === "closed" || store.isOver;
  write(node, "votes", question.votes, true);
  part(node, "vote-word").textContent = voted ? words.your_vote : count("vote_word", question.votes);
}

/** The way to the question that this one was merged into. */
function leadOn(node, question, store) {
  const target = question.state === "merged" ? store.lead(question.id) : question;
  const leads = target.id !== question.id;
  if (leads) part(node, "onward-link").href = `#q-${target.id}`;
  showPart(node, "onward", leads);
}

function author(question, own) {
  if (own) return own.anonymous ? words.you_anonymous : words.you;
  return question.author?.name ?? words.anonymous;
}
