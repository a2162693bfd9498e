import { Ballots } from "./ballot.js";
import { fillCounts, fillPoll, newPoll } from "./poll.js";
import { takeMoves } from "./ranking.js";
import { fill, words } from "./words.js";

/** The polls of the room: in place, those that are open first; how many are open; and one that waits for an answer. */
export class Polls {
  #root;
  #panel;
  #store;
  #ballots;
  #announcer;

  constructor(root, { key, connection, outbox, store, announcer }) {
    this.#root = root;
    this.#panel = root.querySelector("[data-polls]");
    this.#store = store;
    this.#announcer = announcer;
    this.#ballots = new Ballots(this.#panel, { key, connection, outbox, store, announcer });
    takeMoves(this.#panel, announcer);
    store.addEventListener("all", () => this.#showAll());
    store.addEventListener("poll", ({ detail }) => this.change(detail));
    store.addEventListener("results", ({ detail: { ids } }) => {
      for (const id of ids) fillCounts(this.#node(id), store.polls.get(id), store.ballots.get(id));
    });
    store.addEventListener("mine", ({ detail }) => detail.ballots && this.#offer());
    addEventListener("hashchange", () => this.#goToTarget());
    root.querySelector("[data-to-poll]").addEventListener("click", ({ target }) => {
      if (target.hash === location.hash) dispatchEvent(new HashChangeEvent("hashchange"));
    });
    this.#showAll();
  }

  #showAll() {
    for (const node of [...this.#panel.children]) if (!this.#store.polls.has(node.dataset.poll)) node.remove();
    for (const poll of this.#store.polls.values()) this.#put(poll);
    this.#ballots.refresh();
    this.#offer();
  }

  /** A poll is new, gone, or has changed. */
  change({ id, before }) {
    const poll = this.#store.polls.get(id);
    if (poll) this.#put(poll);
    else this.#node(id)?.remove();
    this.#offer();
    if (!poll) return;
    if (poll.state !== before?.state) this.#announcer.tell(fill(words.poll[poll.state === "open" ? "opened" : "closed"], poll));
    else if (poll.shown && !before.shown) this.#announcer.tell(fill(words.poll.results, poll));
  }

  #put(poll) {
    const node = this.#node(poll.id);
    if (node) return fillPoll(node, poll, this.#store);
    const closed = [...this.#panel.children].find((other) => this.#store.polls.get(other.dataset.poll)?.state !== "open");
    this.#panel.insertBefore(newPoll(poll, this.#store), poll.state === "open" ? closed ?? null : null);
  }

  /** The number on the tab, and the line that leads to the newest open poll without an answer of one's own. */
  #offer() {
    const open = [...this.#store.polls.values()].filter(({ state }) => state === "open");
    const badge = this.#root.querySelector("[data-open-polls]");
    badge.querySelector(".num").textContent = open.length;
    badge.hidden = !open.length;
    this.#root.querySelector("[data-no-polls]").hidden = this.#store.polls.size > 0;
    const waiting = open.filter(({ id }) => !this.#store.ballots.has(id)).at(-1);
    const line = this.#root.querySelector("[data-poll-notice]");
    line.hidden = !waiting;
    if (waiting) Object.assign(line.querySelector("[data-to-poll]"), { hash: `#poll-${waiting.id}`, textContent: waiting.title });
  }

  #goToTarget() {
    const node = location.hash.startsWith("#poll-") && this.#node(location.hash.slice(6));
    if (!node) return;
    node.scrollIntoView({ block: "nearest" });
    node.focus({ preventScroll: true });
  }

  #node(id) {
    return this.#panel.querySelector(`[data-poll="${CSS.escape(id)}"]`);
  }
}
