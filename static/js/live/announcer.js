import { remember, remembered } from "./kept.js";
import { count, fill, words } from "./words.js";

const GATHER = 2500;
const QUIET = "summit:quiet";

/** The page's one live region. It speaks in bulk, and never of votes (WCAG 2.2 SC 4.1.3). */
export class Announcer {
  #region = document.querySelector("[data-announcer]");
  #sayings = [];
  #fresh = new Set();
  #timer = 0;

  /** What somebody hears of what they did themselves, and of what went wrong. */
  say(text) {
    if (!this.#sayings.includes(text)) this.#sayings.push(text);
    this.#later(300);
  }

  /** News, for those who want to be told. */
  tell(text) {
    if (!isQuiet()) this.say(text);
  }

  /** A question that is new here; only their number is said. */
  addNew(id) {
    if (isQuiet()) return;
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

/** The switch by which somebody turns news off, or on again; kept for all their visits. */
export function offerQuiet(label) {
  const box = label.querySelector("input");
  box.checked = !isQuiet();
  box.addEventListener("change", () => remember(QUIET, box.checked ? null : true));
  label.hidden = false;
}

/** What participants hear of the questions. */
export function announceQuestions(store, announcer) {
  store.addEventListener("question", ({ detail: { id, before } }) => {
    const question = store.find(id);
    if (!question) return;
    const own = store.mine.has(id);
    if (!before && !own) announcer.addNew(id);
    if (before?.state === question.state) return;
    if (question.state === "answering") announcer.tell(fill(words.answering, { text: question.text }));
    else if (own && before?.state === "waiting" && question.state === "open") announcer.tell(words.approved);
    else if (own && ["dismissed", "merged"].includes(question.state)) announcer.tell(words[question.state]);
  });
  announceNotes(store, announcer);
}

function announceNotes(store, announcer) {
  const known = new Map();
  store.addEventListener("all", () => { for (const { id, note } of store.mine.values()) known.set(id, note); });
  store.addEventListener("mine", ({ detail: { questions = [] } }) => {
    for (const { id, note } of questions) {
      if (note && note !== known.get(id)) announcer.tell(fill(words.noted, { text: note }));
      known.set(id, note);
    }
  });
}

function isQuiet() {
  return remembered(QUIET, false);
}
