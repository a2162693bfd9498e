import { count } from "../live/words.js";

const SECONDS = 10;

/** What can still be undone: offered for ten seconds, which only the eye counts along. */
export class Undo {
  #place;
  #last = null;
  #timer = 0;

  constructor(desk) {
    this.#place = desk.root.querySelector("[data-undo]");
    this.#button.addEventListener("click", () => desk.acts.undo());
  }

  offer(ids, text) {
    this.#last = { ids, until: Date.now() + SECONDS * 1000 };
    this.#place.querySelector("[data-undo-what]").textContent = text;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), 1000);
    this.#tick();
    this.#place.hidden = false;
  }

  /** What is to be undone, once. */
  take() {
    const last = this.#last;
    this.#end();
    return last;
  }

  #tick() {
    const left = Math.ceil((this.#last.until - Date.now()) / 1000);
    if (left <= 0) return this.#end();
    this.#left.textContent = count("seconds", left);
  }

  #end() {
    clearInterval(this.#timer);
    const had = document.activeElement === this.#button;
    this.#last = null;
    this.#place.hidden = true;
    if (had) this.#place.closest("[data-desk]").querySelector("[data-question][aria-current]")?.focus({ preventScroll: true });
  }

  get #button() {
    return this.#place.querySelector("[data-undo-button]");
  }

  get #left() {
    return this.#place.querySelector("[data-undo-left]");
  }
}
