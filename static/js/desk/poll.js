import { cloned, part, showFor, showPart, write } from "../live/parts.js";
import { fillResults } from "../live/results.js";
import { count, words } from "../live/words.js";

export function newPoll(poll) {
  const node = cloned("desk-poll", poll.id);
  fillPoll(node, poll);
  return node;
}

/** Writes a poll's state into its article; what somebody is typing there stays. */
export function fillPoll(node, poll) {
  const form = node.contains(document.activeElement) ? document.activeElement.closest("form") : null;
  node.className = `poll is-${poll.state} kind-${poll.kind}`;
  node.dataset.kind = poll.kind;
  write(node, "title", poll.title);
  write(node, "kind", words.poll.kinds[poll.kind]);
  for (const each of node.querySelectorAll(":scope > :not([data-part=results])")) showFor(each, poll.state, notNow(poll));
  showPart(node, "shown", poll.shown);
  node.querySelector("[data-poll-acts]").elements.version.value = poll.version;
  fillCounts(node, poll);
  if (!part(node, "edit").open) fillEdit(part(node, "edit"), poll);
  if (form && document.activeElement.closest("[hidden]")) (form.querySelector("button:not([hidden])") ?? node).focus();
}

/** Only the counts. */
export function fillCounts(node, poll) {
  write(node, "voters", count(words.poll.voters, poll.voters ?? 0), poll.state !== "draft");
  const isWords = poll.kind === "words";
  showPart(node, "words", isWords);
  showPart(node, "table", !isWords);
  if (isWords) fillWords(part(node, "words"), poll);
  else fillResults(node, poll, poll.counts ?? {});
}

const notNow = ({ shown }) => ({ dataset: { act } }) => act === (shown ? "show" : "hide");

/** Those that wait come first, then by how many wrote them; but nothing moves while somebody is in there. */
function fillWords(place, poll) {
  const counts = poll.counts ?? {};
  const rank = ({ id, state }) => (state === "waiting" ? 0 : 1e9) - (counts[id] ?? 0);
  const there = new Map([...place.children].map((node) => [node.dataset.word, node]));
  const nodes = [...poll.choices].sort((a, b) => rank(a) - rank(b)).map((word) => {
    const node = there.get(word.id) ?? newWord(word, poll);
    fillWord(node, word, counts[word.id] ?? 0);
    return node;
  });
  if (!place.contains(document.activeElement)) place.replaceChildren(...nodes);
  else place.append(...nodes.filter((node) => !node.isConnected));
}

function newWord(word, poll) {
  const node = cloned("desk-word", word.id);
  const form = node.querySelector("form");
  form.setAttribute("action", form.getAttribute("action").replace("{poll}", poll.id));
  return node;
}

function fillWord(node, word, n) {
  const form = node.contains(document.activeElement) ? node.querySelector("form") : null;
  node.className = `word word-${word.state}`;
  write(node, "label", word.label);
  write(node, "count", n, true);
  showFor(node, word.state);
  for (const name of ["show-word", "hide-word"]) part(node, name).querySelector("span").textContent = ` ${word.label}`;
  if (form && document.activeElement.hidden) form.querySelector("button:not([hidden])")?.focus();
}

function fillEdit(place, poll) {
  const { title, kind, choices, most, low, high, version } = place.querySelector("form").elements;
  const isDraft = poll.state === "draft";
  for (const name of ["kind", "most"]) {
    const field = place.querySelector(`[data-field=${name}]`);
    if (field) field.hidden = !isDraft;
  }
  version.value = poll.version;
  title.value = poll.title;
  if (kind) kind.value = poll.kind;
  choices.value = poll.kind === "words" ? "" : poll.choices.map(({ label }) => label).join("\n");
  if (most) most.value = ["several", "words"].includes(poll.kind) ? poll.most : "";
  low.value = poll.low ?? "";
  high.value = poll.high ?? "";
}
