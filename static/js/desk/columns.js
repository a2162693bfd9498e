import { byAge, byHand, byVotes } from "./hand.js";
import { fillCount, fillItem, newItem } from "./item.js";
import { insert, steadily } from "./steady.js";

const LIST = { merged: "away", withdrawn: "away" };
const ON_TOP = ["answered", "dismissed", "away"];

/**
 * The lists of the desk by state. An item changes its list when its state does, and joins the new one where nobody is
 * disturbed: by its age where it waits, at the end of what is approved, on top of what is done. Votes change the order
 * only when the moderator asks for it. Tells before an item moves "leaving" {node, to}, afterwards "moved" {node}, and of
 * a new one that waits "fresh" {id}.
 */
export class Columns extends EventTarget {
  #store;
  #items = new Map();
  #lists;
  #columns;
  #isHeld = false;
  #suits = () => true;
  /** By votes or by hand. */
  order = "votes";

  constructor({ root, store, announcer }) {
    super();
    this.#store = store;
    this.#columns = [...root.querySelectorAll("[data-column]")];
    this.#lists = new Map([...root.querySelectorAll("[data-list]")].map((node) => [node.dataset.list, node]));
    for (const node of root.querySelectorAll("[data-columns] [data-question]")) this.#items.set(node.dataset.question, node);
    store.addEventListener("all", () => this.#refresh());
    store.addEventListener("question", ({ detail }) => this.#change(detail.id));
    store.addEventListener("votes", ({ detail }) => this.#recount(detail.ids));
    this.addEventListener("fresh", ({ detail }) => announcer.addNew(detail.id));
  }

  node(id) {
    return this.#items.get(id);
  }

  /** The items that are on show, of one column or of all of them. */
  shown(column = null) {
    const found = column ? column.querySelectorAll("[data-question]") : this.#columns.flatMap((one) => [...one.querySelectorAll("[data-question]")]);
    return [...found].filter((node) => !node.hidden && !node.closest("details:not([open])"));
  }

  /** Shows only what suits; tells how many do. */
  filter(suits) {
    this.#suits = suits;
    for (const [id, node] of this.#items) node.hidden = !suits(this.#store.questions.get(id));
    this.#count();
    return [...this.#items.values()].filter((node) => !node.hidden).length;
  }

  /** The approved ones in the order that is wanted, and as they stand. */
  approved() {
    const now = [...this.#list("open").children];
    const wanted = now.map((node) => this.#store.questions.get(node.dataset.question)).filter(Boolean);
    wanted.sort(this.order === "hand" ? byHand : byVotes);
    return { now, wanted: wanted.map(({ id }) => this.#items.get(id)) };
  }

  /** Brings the approved ones into the order that is wanted. */
  sort() {
    const list = this.#list("open");
    this.approved().wanted.forEach((node, at) => {
      if (list.children[at] !== node) insert(list, node, list.children[at] ?? null);
    });
    this.offerOrder();
  }

  offerOrder() {
    const { now, wanted } = this.approved();
    this.#lists.get("open").querySelector("[data-resort]").hidden = now.every((node, n) => node === wanted[n]);
  }

  #refresh() {
    const { questions } = this.#store;
    this.#steadily([...this.#lists.values()], () => {
      for (const id of [...this.#items.keys()]) if (!questions.has(id)) this.#remove(id);
      for (const question of [...questions.values()].sort(byAge)) this.#put(question);
    });
    this.#count();
  }

  #change(id) {
    const question = this.#store.questions.get(id);
    if (question) this.#put(question);
    else this.#remove(id);
    this.#count();
  }

  #put(question) {
    const name = LIST[question.state] ?? question.state;
    const list = this.#list(name);
    let node = this.#items.get(question.id);
    if (node?.parentElement === list) return this.#steadily([list], () => fillItem(node, question));
    const isNew = !node;
    if (isNew) {
      node = newItem(question);
      node.hidden = !this.#suits(question);
      this.#items.set(question.id, node);
    } else this.#leave(node, name);
    this.#steadily([list, node.parentElement].filter(Boolean), () => {
      fillItem(node, question);
      insert(list, node, this.#place(list, name, question));
    });
    if (!isNew) this.dispatchEvent(new CustomEvent("moved", { detail: { node } }));
    else if (name === "waiting") this.dispatchEvent(new CustomEvent("fresh", { detail: { id: question.id } }));
  }

  #place(list, name, question) {
    if (ON_TOP.includes(name)) return list.firstElementChild;
    if (name !== "waiting") return null;
    const known = [...list.children].map((node) => this.#store.questions.get(node.dataset.question));
    const next = known.find((other) => other && byAge(other, question) > 0);
    return next ? this.#items.get(next.id) : null;
  }

  #remove(id) {
    const node = this.#items.get(id);
    if (!node) return;
    this.#leave(node, "");
    this.#steadily([node.parentElement], () => node.remove());
    this.#items.delete(id);
  }

  #leave(node, to) {
    this.dispatchEvent(new CustomEvent("leaving", { detail: { node, to } }));
    node.removeAttribute("aria-busy");
  }

  /** Where many change at once, the lists are held once. */
  #steadily(lists, change) {
    if (this.#isHeld) return change();
    this.#isHeld = true;
    steadily(lists, change);
    this.#isHeld = false;
  }

  #recount(ids) {
    for (const id of ids) {
      const [node, question] = [this.#items.get(id), this.#store.questions.get(id)];
      if (node && question) fillCount(node, question);
    }
    this.offerOrder();
  }

  #count() {
    for (const section of this.#lists.values()) {
      const items = [...section.querySelector("ol").children];
      const shown = items.filter((node) => !node.hidden).length;
      section.querySelector("[data-count]").textContent = shown === items.length ? shown : `${shown} / ${items.length}`;
      section.querySelector("[data-empty]").hidden = items.length > 0;
    }
    this.offerOrder();
  }

  #list(name) {
    return this.#lists.get(name).querySelector("ol");
  }
}
