import { clock, words } from "../live/words.js";
import { fillBlock, makeBlock } from "./block.js";
import { sideBySide } from "./geometry.js";

const MINUTE = 60000;

/** The day as a plane: stages across, time down. Only the shown day's sessions are in it. */
export class Grid {
  scale = 1.6;
  #store;
  #frame;
  #blocks = new Map();
  #built = "";

  constructor({ root, store }) {
    this.#store = store;
    this.scroller = root.querySelector("[data-times]");
    this.#frame = root.querySelector("[data-frame]");
    store.addEventListener("change", () => this.render());
  }

  get from() {
    return Date.parse(this.#store.day.from);
  }

  get until() {
    return Date.parse(this.#store.day.until);
  }

  block(code) {
    return this.#blocks.get(code);
  }

  lanes() {
    return [...this.#frame.querySelectorAll("[data-stage]")];
  }

  lane(stage) {
    return this.lanes().find((lane) => lane.dataset.stage === stage);
  }

  /** The slugs from left to right; the empty one at the end where something stands on no stage. */
  stages() {
    const { stages, sessions } = this.#store.day;
    const known = stages.map(({ slug }) => slug);
    const isLost = ({ code }) => { const at = this.#store.placement(code); return at.start !== null && !known.includes(at.stage); };
    return sessions.some(isLost) || !known.length ? [...known, ""] : known;
  }

  /** The moment at that height of the window. */
  momentAt(y) {
    const top = this.lanes()[0].getBoundingClientRect().top;
    return this.from + ((y - top) / this.scale) * MINUTE;
  }

  setScale(scale) {
    const middle = this.momentAt(this.scroller.getBoundingClientRect().top + this.scroller.clientHeight / 2);
    this.scale = scale;
    this.#built = "";
    this.render();
    this.scroller.scrollTop = ((middle - this.from) / MINUTE) * scale - this.scroller.clientHeight / 2;
  }

  render() {
    this.#build();
    const placed = this.#store.placed();
    const gone = new Set(this.#blocks.keys());
    const stages = new Map(this.stages().map((stage) => [stage, []]));
    for (const code of placed) stages.get(this.#stageOf(code)).push(code);
    for (const [stage, mine] of stages) {
      this.#fill(this.lane(stage), mine);
      for (const code of mine) gone.delete(code);
    }
    for (const code of gone) {
      // What a finger holds must stay in the page, or the browser no longer tells where the finger is.
      if (this.#store.isHeld(code)) {
        this.#blocks.get(code).hidden = true;
        continue;
      }
      this.#blocks.get(code).remove();
      this.#blocks.delete(code);
    }
  }

  /** Scrolls to the first session; an empty day is shown from its beginning. */
  show() {
    const [first] = this.#store.placed();
    this.scroller.scrollTop = first ? Math.max(0, this.#y(this.#store.placement(first).start) - 24) : 0;
  }

  place(node, { start, minutes }, { column = 0, columns = 1 } = {}) {
    const tall = Math.max(minutes * this.scale, 14);
    // Whole lines alone: half a line can't be read.
    const lines = Math.max(1, Math.floor((minutes * this.scale - 6) / 17));
    const wanted = { at: `${this.#y(start)}px`, tall: `${tall}px`, column, columns, lines };
    const now = Object.values(wanted).join(" ");
    if (node.dataset.place === now) return;
    node.dataset.place = now;
    for (const [name, value] of Object.entries(wanted)) node.style.setProperty(`--${name}`, value);
    node.toggleAttribute("data-low", lines < 3);
  }

  #stageOf(code) {
    const { stage } = this.#store.placement(code);
    return this.#store.day.stages.some(({ slug }) => slug === stage) ? stage : "";
  }

  #fill(lane, codes) {
    const items = codes.map((code) => {
      const { start, minutes } = this.#store.placement(code);
      return { code, start, end: start + Math.max(minutes * MINUTE, (14 / this.scale) * MINUTE) };
    });
    // What is in hand lies over the others, which stay where they are.
    const beside = sideBySide(items.filter(({ code }) => !this.#store.isHeld(code)));
    const focused = document.activeElement;
    codes.forEach((code, at) => {
      const node = this.#blocks.get(code) ?? makeBlock(code);
      this.#blocks.set(code, node);
      fillBlock(node, this.#store, code);
      node.hidden = false;
      this.place(node, this.#store.placement(code), beside.get(code));
      if (lane.children[at] !== node) lane.insertBefore(node, lane.children[at] ?? null);
    });
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
  }

  #y(moment) {
    return ((moment - this.from) / MINUTE) * this.scale;
  }

  /** Stages and hours, where they are not there already. */
  #build() {
    const { day, stages, from, until, opens, closes } = this.#store.day;
    const slugs = this.stages();
    const wanted = JSON.stringify([day, stages, slugs, from, until, opens, closes, this.scale]);
    if (wanted === this.#built) return;
    this.#built = wanted;
    const names = new Map(stages.map((stage) => [stage.slug, stage]));
    const tall = `${this.#y(this.until)}px`;
    this.#frame.style.setProperty("--stages", slugs.length);
    this.#frame.style.setProperty("--tall", tall);
    this.#frame.style.setProperty("--hour", `${60 * this.scale}px`);
    const heads = slugs.map((slug, n) => head(names.get(slug), n));
    const lanes = slugs.map((slug, n) => this.#lane(slug, n, opens, closes));
    this.#frame.replaceChildren(made("div", "corner"), ...heads, this.#hours(), ...lanes);
  }

  #lane(slug, n, opens, closes) {
    const lane = made("div", "lane");
    lane.dataset.stage = slug;
    lane.setAttribute("role", "group");
    lane.setAttribute("aria-labelledby", `stage-head-${n}`);
    lane.style.setProperty("--opens", `${this.#y(Date.parse(opens))}px`);
    lane.style.setProperty("--closes", `${this.#y(Date.parse(closes))}px`);
    return lane;
  }

  #hours() {
    const axis = made("div", "hours");
    axis.setAttribute("aria-hidden", "true");
    for (let at = this.from; at < this.until; at += 60 * MINUTE) {
      const hour = made("span", "num");
      hour.textContent = clock(new Date(at));
      hour.style.setProperty("--at", `${this.#y(at)}px`);
      axis.append(hour);
    }
    return axis;
  }
}

function head(stage, n) {
  const node = made("div", "stage-head");
  node.id = `stage-head-${n}`;
  node.textContent = stage?.name ?? words.no_stage;
  if (stage?.name_lang) node.lang = stage.name_lang;
  return node;
}

function made(tag, className) {
  return Object.assign(document.createElement(tag), { className });
}
