import { remember, remembered } from "../live/kept.js";
import { fill, words } from "../live/words.js";
import { insert } from "./steady.js";

const SETTING = "summit:desk:order";

/** The order of what is approved: by votes, or by hand with keys, buttons or by dragging. */
export class Order {
  #desk;
  #section;
  #dragged = null;

  constructor(desk) {
    this.#desk = desk;
    this.#section = desk.root.querySelector("[data-list=open]");
    const asked = new URLSearchParams(location.search).get("order");
    this.#set(asked ?? remembered(SETTING, "votes"));
    desk.store.addEventListener("all", () => desk.columns.order === "hand" && desk.columns.sort());
    this.#section.addEventListener("click", (event) => this.#click(event));
    this.#section.addEventListener("submit", (event) => {
      const step = Number(event.submitter?.dataset.move);
      if (!step || !desk.connection.works) return;
      event.preventDefault();
      this.move(event.target.closest("[data-question]"), step, event.submitter);
    });
    desk.acts.addEventListener("refused", ({ detail: { item } }) => item.action === "place" && desk.columns.sort());
    this.#sortAfterUndo();
    this.#takeDrags();
  }

  /** One place up or down; whoever looks at the order by votes goes over to that by hand. */
  move(node, step, button = null) {
    const { columns, acts, announcer } = this.#desk;
    if (!acts.suits("place", node?.dataset.question)) return;
    if (columns.order !== "hand") this.#choose("hand");
    const nodes = columns.approved().now.filter((one) => !one.hidden);
    const at = nodes.indexOf(node) + step;
    if (at < 0 || at >= nodes.length) return;
    this.#put(node, nodes[step > 0 ? at + 1 : at] ?? null);
    announcer.say(fill(words.place, { at: at + 1, of: nodes.length }));
    (button ?? node).focus({ preventScroll: true });
  }

  #put(node, before) {
    insert(this.#section.querySelector("ol"), node, before);
    node.scrollIntoView({ block: "nearest" });
    this.#desk.acts.act("place", node.dataset.question, before ? { before: before.dataset.question } : {});
  }

  #click(event) {
    const wanted = event.target.closest("[data-order]");
    const again = event.target.closest("[data-resort]");
    if (!wanted && !again) return;
    event.preventDefault();
    if (wanted) {
      this.#choose(wanted.dataset.order);
      return this.#desk.announcer.say(words[`by_${wanted.dataset.order}`]);
    }
    this.#desk.columns.sort();
    this.#section.closest("[data-column]").scrollTop = 0;
    this.#desk.selection.goTo(this.#section.querySelector("[data-question]:not([hidden])"));
  }

  #choose(order) {
    this.#set(order);
    remember(SETTING, order);
    this.#desk.columns.sort();
  }

  #set(order) {
    this.#desk.columns.order = order === "hand" ? "hand" : "votes";
    this.#section.classList.toggle("by-hand", order === "hand");
    for (const one of this.#section.querySelectorAll("[data-order]")) {
      one.setAttribute("aria-pressed", String(one.dataset.order === this.#desk.columns.order));
    }
  }

  /** Others' moves wait until somebody asks for them; one's own undoing is seen at once. */
  #sortAfterUndo() {
    const { acts, columns, store } = this.#desk;
    let until = 0;
    acts.addEventListener("done", ({ detail: { item, answer } }) => { if (item.action === "undo") until = answer.seq; });
    store.addEventListener("question", () => {
      if (!until || store.seq < until) return;
      until = 0;
      if (columns.order === "hand") columns.sort();
    });
  }

  #takeDrags() {
    const over = ({ target, clientY }) => {
      const other = target.closest("[data-question]");
      if (!other || other === this.#dragged) return null;
      const { top, height } = other.getBoundingClientRect();
      return clientY < top + height / 2 ? other : other.nextElementSibling;
    };
    this.#section.addEventListener("dragstart", (event) => {
      this.#dragged = event.target.closest("[data-grip]") && event.target.closest("[data-question]");
      if (!this.#dragged) return;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(this.#dragged, 20, 20);
      this.#dragged.classList.add("dragged");
    });
    this.#section.addEventListener("dragover", (event) => this.#dragged && event.preventDefault());
    this.#section.addEventListener("drop", (event) => {
      if (!this.#dragged || !event.target.closest("[data-question]")) return;
      event.preventDefault();
      const before = over(event);
      if (before !== this.#dragged && before !== this.#dragged.nextElementSibling) this.#put(this.#dragged, before);
    });
    this.#section.addEventListener("dragend", () => {
      this.#dragged?.classList.remove("dragged");
      this.#dragged = null;
    });
  }
}
