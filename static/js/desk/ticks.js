import { count } from "../live/words.js";

/** The questions that are ticked, to do one thing with all of them in one message. */
export class Ticks {
  #desk;
  #form;
  #last = null;

  constructor(desk) {
    this.#desk = desk;
    this.#form = desk.root.querySelector("[data-bulk]");
    for (const button of this.#form.querySelectorAll("[data-bulk-merge], [data-bulk-clear]")) button.hidden = false;
    desk.root.addEventListener("change", ({ target }) => {
      if (!target.matches("[data-tick]")) return;
      this.#last = target.closest("[data-question]");
      this.#show();
    });
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#form.addEventListener("click", ({ target }) => {
      if (target.closest("[data-bulk-clear]")) this.clear();
      if (target.closest("[data-bulk-merge]")) desk.merge(this.ids);
    });
    desk.acts.addEventListener("done", ({ detail: { ids } }) => this.#drop(ids));
    desk.store.addEventListener("question", () => this.#show());
    this.#show();
  }

  get ids() {
    return this.#boxes.filter((box) => box.checked).map((box) => box.closest("[data-question]").dataset.question);
  }

  toggle(node) {
    const box = node?.querySelector("[data-tick]");
    if (!box) return;
    box.checked = !box.checked;
    this.#last = node;
    this.#show();
  }

  /** All from the one that was ticked last to this one, within a column. */
  extend(node) {
    const nodes = this.#desk.columns.shown(node?.closest("[data-column]"));
    const ends = [nodes.indexOf(this.#last), nodes.indexOf(node)];
    if (ends[0] < 0) return this.toggle(node);
    this.#tick(nodes.slice(Math.min(...ends), Math.max(...ends) + 1));
  }

  /** All of the list that the question is in. */
  all(node) {
    if (node) this.#tick(this.#desk.columns.shown(node.closest("[data-column]")).filter((one) => one.parentElement === node.parentElement));
  }

  clear() {
    const had = this.#form.contains(document.activeElement);
    for (const box of this.#boxes) box.checked = false;
    this.#show();
    if (had) this.#desk.selection.focus();
  }

  #tick(nodes) {
    for (const node of nodes) node.querySelector("[data-tick]").checked = true;
    this.#last = nodes.at(-1) ?? null;
    this.#show();
  }

  #submit(event) {
    const { connection, acts, write, selection } = this.#desk;
    const action = event.submitter?.dataset.bulkAct;
    if (!action || !connection.works) return;
    event.preventDefault();
    if (action === "label") return write("label", this.ids);
    acts.act(action, this.ids);
    selection.focus();
  }

  #drop(ids) {
    const done = new Set(ids);
    if (done.size < 2 && !this.ids.some((id) => done.has(id))) return;
    for (const id of done) {
      const box = this.#desk.columns.node(id)?.querySelector("[data-tick]");
      if (box) box.checked = false;
    }
    this.#show();
  }

  #show() {
    const { ids } = this;
    const before = this.#form.hidden ? 0 : Number(this.#form.dataset.ticked ?? 0);
    this.#form.dataset.ticked = ids.length;
    this.#form.hidden = !ids.length;
    const text = count("ticked", ids.length);
    this.#form.querySelector("[data-bulk-count]").textContent = text;
    for (const button of this.#form.querySelectorAll("[data-bulk-act]")) {
      button.hidden = !ids.some((id) => this.#desk.acts.suits(button.dataset.bulkAct, id));
    }
    this.#form.querySelector("[data-bulk-merge]").hidden = !ids.some((id) => this.#desk.acts.suits("merge", id));
    if (ids.length && ids.length !== before && this.#desk.store.seq !== null) this.#desk.announcer.say(text);
  }

  get #boxes() {
    return [...this.#desk.root.querySelectorAll("[data-columns] [data-tick]")];
  }
}
