import { clock, count, fill, words } from "../live/words.js";

const TICK = 5000;
const SAID_FOR = 6000;

/** What is always in view: people, the clock, who leads and who is here; and what has just been done. */
export class Bar {
  #root;
  #store;
  #announcer;
  #line;
  #timer = 0;

  constructor({ root, store, announcer, line }) {
    this.#root = root;
    this.#store = store;
    this.#announcer = announcer;
    this.#line = line;
    store.addEventListener("all", () => this.#showSession());
    store.addEventListener("session", ({ detail: { before } }) => {
      this.#showSession();
      const { lead } = store.session;
      if (lead && lead.id !== before.lead?.id && lead.id !== store.you.id) announcer.say(fill(words.now_leads, lead));
    });
    store.addEventListener("desk", () => this.#showCompany());
    store.addEventListener("present", () => {
      root.querySelector("[data-present]").textContent = count("present", store.present);
    });
    setInterval(() => this.#tick(), TICK);
    this.#tick();
  }

  say(text) {
    const place = this.#root.querySelector("[data-said]");
    this.#line.clear();
    for (const one of document.querySelectorAll("[data-panel-wrong]")) one.hidden = true;
    place.textContent = text;
    place.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { place.hidden = true; }, SAID_FOR);
    this.#announcer.say(text);
  }

  /** What was done and can be undone is said beside the button for that. */
  done(text) {
    this.#root.querySelector("[data-said]").hidden = true;
    this.#line.clear();
    this.#announcer.say(text);
  }

  /** What was refused: on top, and in the panel that is open, which may cover it. */
  wrong(text) {
    this.#line.wrong(text);
    for (const one of document.querySelectorAll("[data-panel-wrong]")) Object.assign(one, { textContent: text, hidden: false });
  }

  #showSession() {
    const { session, you } = this.#store;
    const { lead } = session;
    const text = !lead ? words.nobody_leads : lead.id === you.id ? words.you_lead : fill(words.leads, lead);
    this.#root.querySelector("[data-lead]").textContent = text;
    const place = this.#root.querySelector("[data-clock]");
    if (session.starts_at) Object.assign(place.dataset, { starts: session.starts_at, ends: session.ends_at });
    this.#tick();
  }

  #showCompany() {
    const { desk, you } = this.#store;
    const names = desk.map(({ id, name }) => (id === you.id ? words.you : name)).join(", ");
    const text = desk.length > 1 ? fill(words.company, { names }) : "";
    this.#root.querySelector("[data-company]").textContent = text;
  }

  #tick() {
    const now = Date.now() + this.#store.ahead;
    const place = this.#root.querySelector("[data-clock]");
    place.querySelector("[data-time]").textContent = clock(now);
    const { starts, ends } = place.dataset;
    const remaining = place.querySelector("[data-remaining]");
    const isOver = this.#store.session?.state === "ended";
    if (starts) remaining.textContent = isOver ? "" : remainder(now, Date.parse(starts), Date.parse(ends));
  }
}

function remainder(now, starts, ends) {
  const minutes = (span) => Math.ceil(span / 60_000);
  if (now < starts) return roughly("starts_in", minutes(starts - now));
  return now < ends ? count("remaining", minutes(ends - now)) : roughly("past", Math.floor((now - ends) / 60_000));
}

/** In minutes, or in hours where nobody counts minutes any more. */
function roughly(name, minutes) {
  return minutes < 90 ? count(name, minutes) : count(`${name}_hours`, Math.round(minutes / 60));
}
