import { cloned, part, showFor, showPart, write } from "./parts.js";
import { choose, newFields } from "./fields.js";
import { offerMoves } from "./ranking.js";
import { fillResults } from "./results.js";
import { count, fill, words } from "./words.js";

export function newPoll(poll, store) {
  const node = cloned("poll", poll.id);
  fillPoll(node, poll, store);
  return node;
}

/** Writes a poll's state into its article; what somebody is choosing there stays. */
export function fillPoll(node, poll, store) {
  const own = store.ballots.get(poll.id) ?? [];
  node.className = `poll is-${poll.state} kind-${poll.kind}`;
  node.dataset.kind = poll.kind;
  write(node, "title", poll.title);
  write(node, "how", how(poll));
  showFor(node, poll.state);
  fillFields(node, poll, own);
  fillOwn(node, poll, own);
  write(node, "low", poll.low ?? "", true);
  write(node, "high", poll.high ?? "", true);
  showPart(node, "ends", poll.kind === "scale" && Boolean(poll.low || poll.high));
  showPart(node, "moderated", poll.kind === "words");
  fillCounts(node, poll, own);
}

/** Only the counts. */
export function fillCounts(node, poll, own = []) {
  write(node, "voters", poll.voters ? count(words.poll.voters, poll.voters) : "");
  showPart(node, "results", Boolean(poll.results));
  if (poll.results) fillResults(node, poll, poll.results, own);
}

/** Only what is one's own. */
export function fillOwn(node, poll, own) {
  const isOpen = poll.state === "open";
  showPart(node, "saved", isOpen && own.length > 0);
  showPart(node, "take-back", own.length > 0);
  write(node, "send-word", own.length ? words.poll.change : words.poll.send);
  write(node, "own-answer", fill(words.poll.own_answer, { text: answer(poll, own) }), !isOpen && own.length > 0);
}

function fillFields(node, poll, own) {
  const place = part(node, "fields");
  const fields = newFields(poll);
  const ids = (parent) => [...parent.querySelectorAll("input, select")].map(({ id }) => id).join();
  const built = document.createElement("div");
  built.append(...fields);
  if (ids(place) !== ids(built)) {
    place.replaceChildren(...built.childNodes);
    choose(place, poll, own);
  } else if (poll.kind !== "words") {
    for (const { id, label } of poll.choices) labelOf(place, id).textContent = label;
  }
  if (poll.kind === "ranking") offerMoves(place);
}

function labelOf(place, id) {
  const field = place.querySelector(`#${CSS.escape(`choice-${id}`)}`);
  return part(field.closest("label") ?? field.parentElement, "label");
}

function how({ kind, most, choices }) {
  const say = words.poll;
  if (kind === "several") return most < choices.length ? count(say.how_several, most) : say.how_any;
  return kind === "words" ? count(say.how_words, most) : say[`how_${kind}`];
}

function answer({ kind, choices }, own) {
  if (kind === "words") return own.join(", ");
  const labels = new Map(choices.map(({ id, label }) => [id, label]));
  const ids = kind === "ranking" ? own : [...labels.keys()].filter((id) => own.includes(id));
  return ids.map((id) => labels.get(id) ?? "").join(", ");
}
