import { count, words } from "./words.js";

const SHOWN_FOR = 5000;
const PAUSE = 1000;
const compact = new Intl.NumberFormat(words.locale, { notation: "compact", maximumFractionDigits: 1 });

/** Reactions and the raised hand: one press each; their numbers go up by themselves and are never read out. */
export class Reactions {
  #root;
  #store;
  #timer = 0;
  #moved = new Map();

  constructor(root, { connection, outbox, store, announcer }) {
    this.#root = root;
    this.#store = store;
    root.addEventListener("submit", (event) => {
      if (!connection.works) return;
      event.preventDefault();
      // What nobody sees at this moment is not worth sending later.
      if (connection.state !== "open") return;
      if (event.target.matches("[data-hand]")) this.#showHand(outbox.add("hand", { on: !store.hand }).on);
      else outbox.add("react", { reaction: event.submitter.value });
    });
    outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
      if (item.type !== "react" && item.type !== "hand") return;
      if (answer.type === "error") announcer.say(this.#say(answer.message));
      else if (item.type === "hand") announcer.say(item.on ? words.hand_up : words.hand_down);
      else this.#say("");
      if (item.type === "hand") this.#showHand(answer.type === "ack" ? item.on : store.hand);
    });
    store.addEventListener("all", () => this.#showAll());
    store.addEventListener("mine", ({ detail }) => {
      if (detail.hand === undefined && detail.muted === undefined) return;
      const own = outbox.items.some((item) => item.type === "hand");
      if (detail.hand === false && this.#isUp && !own) announcer.say(words.hand_down);
      this.#showAll();
    });
    store.addEventListener("reactions", ({ detail: { before } }) => this.#count(before));
    store.addEventListener("hands", () => this.#countHands());
  }

  #showAll() {
    this.#showHand(this.#store.hand);
    this.#countHands();
    for (const button of this.#root.querySelectorAll("button")) {
      button.disabled = this.#store.muted && !(button === this.#hand && this.#store.hand);
    }
  }

  get #hand() {
    return this.#root.querySelector("[data-hand] button");
  }

  get #isUp() {
    return this.#hand.value === "0";
  }

  #showHand(isUp) {
    this.#hand.value = isUp ? "0" : "1";
    this.#hand.setAttribute("aria-pressed", String(isUp));
  }

  #countHands() {
    const place = this.#root.querySelector("[data-hands]");
    place.hidden = !this.#store.handsUp;
    place.textContent = count("hands", this.#store.handsUp);
    this.#root.querySelector("[data-hands-num]").textContent = this.#store.handsUp || "";
  }

  #count(before) {
    for (const place of this.#root.querySelectorAll("[data-reaction]")) {
      const name = place.dataset.reaction;
      const now = this.#store.reactions[name] ?? 0;
      place.textContent = now ? compact.format(now) : "";
      if (before[name] !== undefined && now > before[name]) this.#move(name, place.parentElement);
    }
  }

  /** A small nod of the drawing, at most once a second; none for those who want less motion. */
  #move(name, button) {
    const now = performance.now();
    if (now - (this.#moved.get(name) ?? -PAUSE) < PAUSE || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.#moved.set(name, now);
    button.querySelector(".icon").animate({ scale: ["1", "1.25", "1"] }, { duration: 260, easing: "ease-out" });
  }

  #say(text) {
    const place = this.#root.querySelector("[data-react-said]");
    place.textContent = text;
    place.hidden = !text;
    clearTimeout(this.#timer);
    if (text) this.#timer = setTimeout(() => { place.hidden = true; }, SHOWN_FOR);
    return text;
  }
}
