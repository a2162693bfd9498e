/**
 * The one question that the keys act on: it has the frame, and the tab key finds it (a roving tabindex). Tells of
 * "change".
 */
export class Selection extends EventTarget {
  #root;
  #columns;
  #node = null;

  constructor({ root, columns }) {
    super();
    this.#root = root.querySelector("[data-columns]");
    this.#columns = columns;
    this.#root.addEventListener("focusin", ({ target }) => this.#pick(target.closest("[data-question]")));
    this.#root.addEventListener("click", ({ target }) => this.#pick(target.closest("[data-question]")));
    const target = location.hash.startsWith("#q-") && document.getElementById(location.hash.slice(1));
    this.#pick(target || columns.shown()[0]);
  }

  get node() {
    if (!this.#node?.isConnected || this.#node.hidden) this.#pick(this.#columns.shown()[0]);
    return this.#node;
  }

  get id() {
    return this.node?.dataset.question ?? null;
  }

  /** Gives the selected one the focus. */
  focus() {
    this.goTo(this.node);
  }

  goTo(node) {
    if (!node) return;
    node.closest("details")?.setAttribute("open", "");
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
  }

  /** Up or down in the column. */
  move(step) {
    const nodes = this.#columns.shown(this.node?.closest("[data-column]"));
    this.goTo(nodes[nodes.indexOf(this.node) + step] ?? this.node);
  }

  /** To the column on that side, past empty ones, at about the same height. */
  cross(step) {
    const columns = [...this.#root.querySelectorAll("[data-column]")];
    let at = columns.indexOf(this.node?.closest("[data-column]")) + step;
    while (columns[at] && !this.#columns.shown(columns[at]).length) at += step;
    if (!columns[at]) return;
    const top = this.node.getBoundingClientRect().top;
    const nodes = this.#columns.shown(columns[at]);
    this.goTo(nodes.find((node) => node.getBoundingClientRect().bottom > top) ?? nodes.at(-1));
  }

  /**
   * The selected one is about to leave its list: the next one there is selected, or the one before, or else what is
   * still to be done. Where nothing is, the frame goes along with it. Returns whether another one is selected now.
   */
  passOn(node) {
    if (node !== this.#node) return false;
    const had = node.contains(document.activeElement) || document.activeElement === document.body;
    const heir = this.#heir(node);
    if (!heir) {
      if (had) requestAnimationFrame(() => node.focus({ preventScroll: true }));
      return false;
    }
    this.#pick(heir);
    if (had) heir.focus();
    return true;
  }

  #heir(node) {
    const stays = (one) => one !== node && one.getAttribute("aria-busy") !== "true";
    const shown = this.#columns.shown();
    const beside = shown.filter((one) => one.parentElement === node.parentElement);
    const at = beside.indexOf(node);
    const open = shown.filter((one) => !one.closest("[data-column=done]"));
    return beside.slice(at + 1).find(stays) ?? beside.slice(0, at).reverse().find(stays) ?? open.find(stays);
  }

  #pick(node) {
    if (!node) {
      if (node === undefined && this.#node && !this.#node.isConnected) this.#node = null;
      return;
    }
    if (node === this.#node) return;
    this.#unpick(this.#node);
    this.#node = node;
    node.classList.add("current");
    node.setAttribute("aria-current", "true");
    node.tabIndex = 0;
    this.dispatchEvent(new CustomEvent("change"));
  }

  #unpick(node) {
    if (!node) return;
    node.classList.remove("current");
    node.removeAttribute("aria-current");
    node.tabIndex = -1;
  }
}
