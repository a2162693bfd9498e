import { count, fill, words } from "./words.js";

const GATHER = 2500;

/** The page's one live region. It speaks in bulk, and never of votes (WCAG 2.2 SC 4.1.3). */
export class Announcer {
  #region = document.querySelector("[data-announcer]");
  #sayings = [];
  #fresh = new Set();
  #timer = 0;

  say(text) {
    if (!this.#sayings.includes(text)) this.#sayings.push(text);
    this.#later(300);
  }

  /** A question that is new here; only their number is said. */
  addNew(id) {
    this.#fresh.add(id);
    this.#later(GATHER);
  }

  #later(wait) {
    this.#timer ||= setTimeout(() => this.#speak(), wait);
  }

  #speak() {
    this.#timer = 0;
    const parts = [...this.#sayings];
    if (this.#fresh.size) parts.push(count("new", this.#fresh.size));
    this.#sayings = [];
    this.#fresh.clear();
    this.#region.textContent = parts.join(" ");
  }
}

/** What participants hear of the questions. */
export function announceQuestions(store, announcer) {
  store.addEventListener("question", ({ detail: { id, before } }) => {
    const question = store.find(id);
    if (!question) return;
    const own = store.mine.has(id);
    if (!before && !own) announcer.addNew(id);
    if (before?.state === question.state) return;
    if (question.state === "answering") announcer.say(fill(words.answering, { text: question.text }));
    else if (own && before?.state === "waiting" && question.state === "open") announcer.say(words.approved);
    else if (own && question.state === "dismissed") announcer.say(words.dismissed);
  });
}
