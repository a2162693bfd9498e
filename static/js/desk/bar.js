import { showIf } from "../live/parts.js";
import { clock, count, words } from "../live/words.js";

const TICK = 5000;
const SAID_FOR = 6000;

/** The bar on top: state, people, the clock, and what has just been done. */
export class Bar {
  #root;
  #store;
  #announcer;
  #line;
  #timer = 0;

  constructor(root, { connection, store, outbox, announcer, line }) {
    this.#root = root;
    this.#store = store;
    this.#announcer = announcer;
    this.#line = line;
    store.addEventListener("all", () => this.#showState());
    store.addEventListener("session", () => this.#showState());
    store.addEventListener("present", () => {
      root.querySelector("[data-present]").textContent = count("present", store.present);
    });
    this.#controls(connection, outbox);
    setInterval(() => this.#tick(), TICK);
    this.#tick();
  }

  say(text) {
    const place = this.#root.querySelector("[data-said]");
    this.#line.clear();
    place.textContent = text;
    place.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { place.hidden = true; }, SAID_FOR);
    this.#announcer.say(text);
  }

  wrong(text) {
    this.#line.wrong(text);
  }

  #controls(connection, outbox) {
    this.#root.querySelector("[data-session]").addEventListener("submit", (event) => {
      if (!connection.works) return;
      event.preventDefault();
      const { name, value } = event.submitter;
      outbox.add("session", { [name]: value });
      const menu = event.target.closest("details");
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
      if (item.type === "session" && answer.type === "error") this.wrong(answer.message);
    });
  }

  #showState() {
    const { session } = this.#store;
    for (const subject of ["state", "questions", "moderation", "voting"]) {
      showIf(subject, session[subject]);
      for (const button of this.#root.querySelectorAll(`[data-set^="${subject}:"]`)) {
        button.setAttribute("aria-pressed", String(button.value === session[subject]));
      }
    }
    const place = this.#root.querySelector("[data-clock]");
    if (session.starts_at) Object.assign(place.dataset, { starts: session.starts_at, ends: session.ends_at });
    this.#tick();
  }

  #tick() {
    const now = Date.now() + this.#store.ahead;
    const place = this.#root.querySelector("[data-clock]");
    place.querySelector("[data-time]").textContent = clock(now);
    const { starts, ends } = place.dataset;
    const remaining = place.querySelector("[data-remaining]");
    if (starts) remaining.textContent = remainder(now, Date.parse(starts), Date.parse(ends));
  }
}

function remainder(now, starts, ends) {
  const minutes = (span) => Math.ceil(span / 60_000);
  if (now < starts) return count("starts_in", minutes(starts - now));
  return now < ends ? count("remaining", minutes(ends - now)) : count("past", Math.floor((now - ends) / 60_000));
}
