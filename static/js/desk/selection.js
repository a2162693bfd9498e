/** The one question that the keys act on: it has the frame, and the tab key finds it (a roving tabindex). */
export class Selection {
  #root;
  #node = null;

  constructor(root) {
    this.#root = root;
    root.addEventListener("focusin", ({ target }) => this.#pick(target.closest("[data-question]")));
    root.addEventListener("click", ({ target }) => this.#pick(target.closest("[data-question]")));
    const target = location.hash.startsWith("#q-") && document.getElementById(location.hash.slice(1));
    this.#pick(target || root.querySelector("[data-question]"));
  }

  get node() {
    if (!this.#node?.isConnected) this.#pick(this.#root.querySelector("[data-question]"));
    return this.#node;
  }

  get id() {
    return this.node?.dataset.question ?? null;
  }

  /** Gives the selected one the focus. */
  focus() {
    this.#goTo(this.node);
  }

  /** Up or down in the column. */
  move(step) {
    const there = step > 0 ? this.node?.nextElementSibling : this.node?.previousElementSibling;
    this.#goTo(there ?? this.node);
  }

  /** To the column on that side, past empty ones, at about the same height. */
  cross(step) {
    const columns = [...this.#root.querySelectorAll("[data-column]")];
    let at = columns.indexOf(this.node?.closest("[data-column]")) + step;
    while (columns[at] && !columns[at].querySelector("[data-question]")) at += step;
    if (!columns[at]) return;
    const top = this.node.getBoundingClientRect().top;
    const nodes = [...columns[at].querySelectorAll("[data-question]")];
    this.#goTo(nodes.find((node) => node.getBoundingClientRect().bottom > top) ?? nodes.at(-1));
  }

  /**
   * The selected one is about to leave its column: the next one there is selected, or the one before, or else what is
   * still to be done. Where nothing is, the frame goes along with it. Returns whether another one is selected now.
   */
  passOn(node) {
    if (node !== this.#node) return false;
    const had = node.contains(document.activeElement) || document.activeElement === document.body;
    const open = [...this.#root.querySelectorAll("[data-column]:not([data-column=done]) [data-question]")];
    const heir = node.nextElementSibling ?? node.previousElementSibling ?? open.find((one) => one !== node);
    if (!heir) {
      if (had) requestAnimationFrame(() => node.focus({ preventScroll: true }));
      return false;
    }
    this.#pick(heir);
    if (had) heir.focus();
    return true;
  }

  #goTo(node) {
    if (!node) return;
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
  }

  #pick(node) {
    if (node === undefined || node === this.#node || (node === null && this.#node?.isConnected)) return;
    this.#unpick(this.#node);
    this.#node = node;
    if (!node) return;
    node.classList.add("picked");
    node.setAttribute("aria-current", "true");
    node.tabIndex = 0;
  }

  #unpick(node) {
    if (!node) return;
    node.classList.remove("picked");
    node.removeAttribute("aria-current");
    node.tabIndex = -1;
  }
}
