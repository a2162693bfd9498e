import { choose, chosen, isTouched, typed } from "./fields.js";
import { keep, kept } from "./kept.js";
import { part, write } from "./parts.js";
import { fillOwn } from "./poll.js";
import { words } from "./words.js";

/** Answering polls by the socket: what is sent stays in the fields, and is told to be saved once it is. */
export class Ballots {
  #panel;
  #store;
  #connection;
  #outbox;
  #announcer;
  #key;
  /** What stands in the fields and is not sent, by poll; and the polls where it does. */
  #begun;
  #shown = new Set();

  constructor(panel, { key, connection, outbox, store, announcer }) {
    this.#panel = panel;
    this.#store = store;
    this.#connection = connection;
    this.#outbox = outbox;
    this.#announcer = announcer;
    this.#key = key;
    this.#begun = new Map(Object.entries(kept(key, {})));
    for (const node of panel.children) this.#takeOver(node);
    panel.addEventListener("submit", (event) => this.#submit(event));
    panel.addEventListener("input", ({ target }) => target.closest("[data-ballot]") && this.#begin(pollOf(target)));
    outbox.addEventListener("settled", ({ detail }) => detail.item.type === "ballot" && this.#settled(detail));
    store.addEventListener("mine", ({ detail }) => detail.ballots && this.refresh());
  }

  /** Shows one's own ballots as the server has them; what is being chosen stays. */
  refresh() {
    for (const node of this.#panel.querySelectorAll("[data-poll]")) {
      const poll = this.#store.polls.get(node.dataset.poll);
      if (!poll) continue;
      const own = this.#store.ballots.get(poll.id) ?? [];
      const underway = this.#outbox.items.findLast((item) => item.type === "ballot" && item.poll === poll.id)?.choices;
      const begun = this.#begun.get(poll.id);
      if (!begun || !this.#shown.has(poll.id)) choose(part(node, "fields"), poll, begun ?? underway ?? own);
      this.#shown.add(poll.id);
      fillOwn(node, poll, own);
    }
  }

  /** What was refused, or chosen before this script was here. */
  #takeOver(node) {
    const fields = part(node, "fields");
    if (part(node, "wrong").hidden && !isTouched(fields)) return;
    this.#keepBegun(node.dataset.poll, typed(fields, node.dataset));
  }

  #begin(id) {
    const poll = this.#store.polls.get(id);
    if (!poll) return;
    this.#keepBegun(id, typed(part(this.#node(id), "fields"), poll));
    this.#wrong(id, "");
  }

  #submit(event) {
    const form = event.target;
    const id = pollOf(form);
    const poll = this.#store.polls.get(id);
    if (!form.matches("[data-ballot]") || !this.#connection.works || !poll) return;
    event.preventDefault();
    const takesBack = event.submitter?.name === "none";
    const choices = takesBack ? [] : chosen(part(this.#node(id), "fields"), poll);
    if (!takesBack && !choices.length) return this.#wrong(id, words.choose_first);
    this.#keepBegun(id, null);
    this.#wrong(id, "");
    if (takesBack) choose(part(this.#node(id), "fields"), poll, []);
    this.#outbox.add("ballot", { poll: id, choices });
  }

  #settled({ item, answer }) {
    const node = this.#node(item.poll);
    if (!node) return;
    if (answer.type === "ack") {
      return this.#announcer.say(item.choices.length ? words.poll.answered : words.poll.taken_back);
    }
    this.#keepBegun(item.poll, item.choices);
    this.#shown.delete(item.poll);
    this.refresh();
    this.#wrong(item.poll, answer.message);
  }

  #wrong(id, message) {
    const node = this.#node(id);
    write(node, "wrong-text", message, true);
    part(node, "wrong").hidden = !message;
    if (message) this.#announcer.say(message);
  }

  #keepBegun(id, choices) {
    if (choices) this.#begun.set(id, choices);
    else this.#begun.delete(id);
    keep(this.#key, this.#begun.size ? Object.fromEntries(this.#begun) : null);
  }

  #node(id) {
    return this.#panel.querySelector(`[data-poll="${CSS.escape(id)}"]`);
  }
}

function pollOf(element) {
  return element.closest("[data-poll]").dataset.poll;
}
