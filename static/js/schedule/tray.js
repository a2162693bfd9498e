import { fillBlock, makeBlock } from "./block.js";

/** The sessions that wait for a time, with a search among them. */
export class Tray {
  #store;
  #list;
  #search;
  #blocks = new Map();

  constructor({ root, store }) {
    this.#store = store;
    this.place = root.querySelector("[data-tray]");
    this.#list = root.querySelector("[data-tray-list]");
    this.#search = root.querySelector("[data-tray-search]");
    this.#search.addEventListener("input", () => this.render());
    store.addEventListener("change", () => this.render());
  }

  block(code) {
    return this.#blocks.get(code);
  }

  codes() {
    return [...this.#list.querySelectorAll("li:not([hidden]) > [data-code]")].map((node) => node.dataset.code);
  }

  render() {
    const waiting = this.#store.waiting();
    const wanted = bare(this.#search.value).split(/\s+/).filter(Boolean);
    const shown = waiting.filter((code) => wanted.every((word) => this.#textOf(code).includes(word)));
    for (const [code, node] of this.#blocks) {
      node.parentNode.hidden = false;
      if (shown.includes(code)) continue;
      // What a finger holds must stay in the page, or the browser no longer tells where the finger is.
      if (this.#store.isHeld(code)) {
        node.parentNode.hidden = true;
        continue;
      }
      node.parentNode.remove();
      this.#blocks.delete(code);
    }
    shown.forEach((code, at) => {
      const node = this.#blocks.get(code) ?? this.#made(code);
      fillBlock(node, this.#store, code);
      if (this.#list.children[at] !== node.parentNode) this.#list.insertBefore(node.parentNode, this.#list.children[at] ?? null);
    });
    const part = (name) => this.place.querySelector(`[data-part="${name}"]`);
    part("count").textContent = waiting.length;
    part("empty").hidden = waiting.length > 0;
    part("none").hidden = !waiting.length || shown.length > 0;
    this.#search.hidden = waiting.length < 6 && !this.#search.value;
  }

  #made(code) {
    const node = makeBlock(code);
    document.createElement("li").append(node);
    this.#blocks.set(code, node);
    return node;
  }

  #textOf(code) {
    const { title, type, speakers, theme } = this.#store.sessions.get(code);
    return bare([title, type, theme?.name ?? "", ...speakers].join(" "));
  }
}

/** Without case and marks, so that a finds å. */
function bare(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
