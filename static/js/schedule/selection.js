/** Which session is in hand: the one that had the focus last. The grid and the tray are one tab stop each. */
export class Selection extends EventTarget {
  #editor;
  #code = "";

  constructor(editor) {
    super();
    this.#editor = editor;
    editor.root.addEventListener("focusin", (event) => {
      const code = event.target.closest("[data-code]")?.dataset.code;
      if (code) this.#choose(code);
    });
    editor.store.addEventListener("change", () => this.#keep());
  }

  get code() {
    return this.#code;
  }

  node(code) {
    const { grid, tray } = this.#editor;
    const block = grid.block(code);
    return block && !block.hidden ? block : tray.block(code);
  }

  focus(code) {
    const node = this.node(code);
    if (!node) return;
    node.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #choose(code) {
    const isNew = code !== this.#code;
    this.#code = code;
    this.#stops();
    if (isNew) this.dispatchEvent(new CustomEvent("change"));
  }

  /** After a change: what is in hand may have moved between grid and tray, or be gone. */
  #keep() {
    const { store, root } = this.#editor;
    if (this.#code && !store.sessions.has(this.#code)) {
      this.#code = "";
      this.dispatchEvent(new CustomEvent("change"));
    }
    this.#stops();
    // Whoever had a block under their hands has it still, also where it is another element now.
    if (this.#code && document.activeElement === document.body && !root.querySelector("dialog[open]")) this.focus(this.#code);
  }

  #stops() {
    const { store, tray } = this.#editor;
    for (const codes of [store.placed(), tray.codes()]) {
      const stop = codes.includes(this.#code) ? this.#code : codes[0];
      for (const code of codes) {
        const node = this.node(code);
        if (node) node.tabIndex = code === stop ? 0 : -1;
      }
    }
  }
}
