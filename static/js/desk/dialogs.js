import { words } from "../live/words.js";

/** Dialogs of the desk: what is written about a question, announcements, and the keys. */
export class Dialogs {
  #root;
  #store;
  #acts;
  #writing = null;

  constructor(root, { connection, store, outbox, acts, bar, selection }) {
    this.#root = root;
    this.#store = store;
    this.#acts = acts;
    root.addEventListener("click", (event) => this.#click(event, connection));
    root.addEventListener("keydown", (event) => this.#key(event));
    // The browser gives the focus back to what had it; nothing had where the keys worked without it.
    for (const dialog of root.querySelectorAll("dialog")) {
      dialog.addEventListener("close", () => {
        const now = document.activeElement;
        if (!now || now === document.body || dialog.contains(now)) selection.focus();
      });
    }
    this.#form("announce").addEventListener("submit", (event) => {
      if (!connection.works) return;
      event.preventDefault();
      const { text, level, everywhere } = event.target.elements;
      outbox.add("announce", {
        text: text.value, level: level.checked ? "urgent" : "info", everywhere: everywhere.checked,
      });
      event.target.closest("dialog").close();
      event.target.reset();
    });
    this.#form("write").addEventListener("submit", () => this.#written());
    outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
      if (item.type !== "announce") return;
      if (answer.type === "ack") return bar.say(words.did.announce);
      this.#form("announce").elements.text.value = item.text;
      bar.wrong(answer.message);
    });
  }

  get isOpen() {
    return Boolean(this.#root.querySelector("dialog[open]"));
  }

  open(name) {
    this.#dialog(name).showModal();
  }

  /** Edits, answers or labels a question. */
  write(action, id) {
    const question = this.#store.questions.get(id);
    if (!question) return;
    this.#writing = { action, id };
    const dialog = this.#dialog("write");
    dialog.querySelector("h2").textContent = words.write[action].title;
    dialog.querySelector("[data-label]").textContent = words.write[action].label;
    dialog.querySelector("[data-save]").textContent = words.write[action].save;
    const about = dialog.querySelector("[data-about]");
    about.textContent = question.text;
    about.hidden = action === "edit";
    const text = dialog.querySelector("textarea");
    const labels = (question.labels ?? []).join(", ");
    text.value = { edit: question.text, reply: question.reply ?? "", label: labels, note: question.note ?? "" }[action];
    text.maxLength = action === "reply" ? 2000 : 500;
    dialog.showModal();
    text.focus();
  }

  #written() {
    const { action, id } = this.#writing;
    const text = this.#dialog("write").querySelector("textarea").value.trim();
    const labels = text.split(",").map((label) => label.trim()).filter(Boolean);
    if (action === "label") this.#acts.act("label", id, { labels });
    else if (text || action === "note") this.#acts.act(action, id, { text });
  }

  #key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat || event.isComposing) return;
    const form = event.target.closest("[data-dialog-form]");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  }

  #click(event, connection) {
    const opens = event.target.closest("[data-open]");
    const writes = event.target.closest("[data-write]");
    const closes = event.target.closest("[data-close]");
    // One that an address opened (#help) is closed by the address, too.
    if (closes && !closes.closest("dialog").open) return;
    if (!opens && !closes && !(writes && connection.works)) return;
    event.preventDefault();
    if (opens) this.open(opens.dataset.open);
    else if (writes) this.write(writes.dataset.write, writes.closest("[data-question]").dataset.question);
    else closes.closest("dialog").close();
  }

  #dialog(name) {
    return this.#root.querySelector(`#${name}`);
  }

  #form(name) {
    return this.#dialog(name).querySelector("form");
  }
}
