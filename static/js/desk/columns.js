import { compare } from "../live/order.js";
import { fillCount, fillItem, newItem } from "./item.js";

const COLUMN = { waiting: "waiting", open: "room", answering: "room" };

/**
 * Waiting, in the room, done. An item changes its column when its state does, and joins the new one where nobody is
 * disturbed: at the end, or on top of what is done. Votes change the order only when the moderator asks for it.
 * Tells before an item moves: "leaving" {node}; and "fresh" {id} of a new one that waits.
 */
export class Columns extends EventTarget {
  #store;
  #items = new Map();
  #sections;

  constructor(root, store) {
    super();
    this.#store = store;
    this.#sections = new Map([...root.querySelectorAll("[data-column]")].map((node) => [node.dataset.column, node]));
    for (const node of root.querySelectorAll("[data-question]")) this.#items.set(node.dataset.question, node);
    this.#sections.get("room").querySelector("[data-resort]").addEventListener("click", () => this.#resort());
    store.addEventListener("all", () => this.#refresh());
    store.addEventListener("question", ({ detail }) => this.#change(detail.id));
    store.addEventListener("votes", ({ detail }) => this.#recount(detail.ids));
  }

  node(id) {
    return this.#items.get(id);
  }

  #refresh() {
    for (const id of [...this.#items.keys()]) if (!this.#store.questions.has(id)) this.#remove(id);
    const age = (question) => Date.parse(question.asked_at);
    for (const question of [...this.#store.questions.values()].sort((a, b) => age(a) - age(b))) this.#put(question);
    this.#count();
  }

  #change(id) {
    const question = this.#store.questions.get(id);
    if (question) this.#put(question);
    else this.#remove(id);
    this.#count();
  }

  #put(question) {
    const column = COLUMN[question.state] ?? "done";
    const list = this.#sections.get(column).querySelector("ol");
    let node = this.#items.get(question.id);
    if (!node) {
      node = newItem(question);
      this.#items.set(question.id, node);
      if (column === "waiting") this.dispatchEvent(new CustomEvent("fresh", { detail: { id: question.id } }));
    } else if (node.parentElement === list) return fillItem(node, question);
    else this.#leave(node);
    fillItem(node, question);
    if (column === "done") list.prepend(node);
    else list.append(node);
  }

  #remove(id) {
    const node = this.#items.get(id);
    if (!node) return;
    this.#leave(node);
    node.remove();
    this.#items.delete(id);
  }

  #leave(node) {
    this.dispatchEvent(new CustomEvent("leaving", { detail: { node } }));
    node.removeAttribute("aria-busy");
  }

  #recount(ids) {
    for (const id of ids) {
      const [node, question] = [this.#items.get(id), this.#store.questions.get(id)];
      if (node && question) fillCount(node, question);
    }
    this.#offerOrder();
  }

  #count() {
    for (const section of this.#sections.values()) {
      const { length } = section.querySelector("ol").children;
      section.querySelector("[data-count]").textContent = length;
      section.querySelector("[data-empty]").hidden = length > 0;
    }
    this.#offerOrder();
  }

  #offerOrder() {
    const section = this.#sections.get("room");
    const [now, wanted] = this.#orders(section);
    section.querySelector("[data-resort]").hidden = now.every((node, n) => node === wanted[n]);
  }

  #resort() {
    const section = this.#sections.get("room");
    const [, wanted] = this.#orders(section);
    section.querySelector("ol").append(...wanted);
    this.#offerOrder();
    section.scrollTop = 0;
    wanted[0]?.focus({ preventScroll: true });
  }

  #orders(section) {
    const now = [...section.querySelector("ol").children];
    const question = (node) => this.#store.questions.get(node.dataset.question);
    const known = now.filter(question);
    return [known, [...known].sort((a, b) => compare(question(a), question(b), "votes"))];
  }
}
