import { cloned, part, showPart, write } from "../live/parts.js";
import { fillResults } from "../live/results.js";
import { count, words } from "../live/words.js";
import { onWall } from "./picture.js";
import { crowdOf, sizeOf } from "./size.js";

/** Keeps the wall at what the room says. The markup is the server's; nothing is written that is there already. */
export class Panes {
  #root;
  #store;
  #isForSpeaker;

  constructor(root, store) {
    this.#root = root;
    this.#store = store;
    this.#isForSpeaker = "speaker" in root.dataset;
    const changes = ["all", "question", "votes", "poll", "results", "session"];
    for (const change of changes) store.addEventListener(change, () => this.#show());
  }

  #show() {
    const picture = onWall(this.#store);
    const pane = this.#isForSpeaker ? "speaker" : picture.pane;
    for (const node of this.#root.querySelectorAll("[data-pane]")) node.hidden = node.dataset.pane !== pane;
    this.#root.dataset.showing = pane;
    if (this.#isForSpeaker) this.#showSpeaker(picture);
    else this.#showRoom(picture);
  }

  #showRoom({ answering, top, poll }) {
    if (answering) fillQuestion(this.#pane("question"), answering);
    fillList(part(this.#pane("top"), "questions"), top, "top-question");
    if (poll) fillPoll(this.#pane("poll"), poll);
  }

  #showSpeaker({ answering, picked }) {
    const pane = this.#pane("speaker");
    showPart(pane, "answering", Boolean(answering));
    showPart(pane, "none", !answering);
    if (answering) fillQuestion(part(pane, "answering"), answering);
    fillList(part(pane, "questions"), picked, "next-question");
    showPart(pane, "next", picked.length > 0);
  }

  #pane(name) {
    return this.#root.querySelector(`[data-pane="${name}"]`);
  }
}

function fillQuestion(node, question) {
  write(node, "text", question.text);
  part(node, "text").dataset.size = sizeOf(question.text);
  write(node, "votes", count("votes", question.votes), true);
  write(node, "author", question.author?.name ?? words.anonymous);
}

function fillList(list, questions, template) {
  const there = new Map([...list.children].map((node) => [node.dataset.question, node]));
  const nodes = questions.map(({ id }) => there.get(id) ?? cloned(template, id));
  nodes.forEach((node, at) => fillQuestion(node, questions[at]));
  if (nodes.length !== list.children.length || nodes.some((node, at) => node !== list.children[at])) list.replaceChildren(...nodes);
}

function fillPoll(pane, poll) {
  write(pane, "title", poll.title);
  part(pane, "title").dataset.size = sizeOf(poll.title);
  pane.dataset.kind = poll.kind;
  pane.dataset.crowd = crowdOf(poll);
  showPart(pane, "vote-now", poll.state === "open" && !poll.results);
  showPart(pane, "over", poll.state === "closed" && !poll.results);
  showPart(pane, "results", Boolean(poll.results));
  write(pane, "voters", poll.results && poll.voters ? count(words.poll.voters, poll.voters) : "");
  if (poll.results) fillResults(part(pane, "results"), poll, poll.results);
}
