import { keep, kept } from "./kept.js";
import { cloned, part } from "./parts.js";
import { words } from "./words.js";

/** Puts one's own question right where it stands, as long as it waits. What is typed is kept over a reload. */
export class Edit {
  #list;
  #key;
  #store;
  #connection;
  #outbox;

  constructor(list, { key, connection, outbox, store, line, announcer }) {
    this.#list = list;
    this.#key = key;
    this.#store = store;
    this.#connection = connection;
    this.#outbox = outbox;
    list.addEventListener("click", (event) => this.#click(event));
    list.addEventListener("input", ({ target }) => {
      if (target.form?.matches("[data-edit-form]")) keep(key, { id: idOf(target), text: target.value });
    });
    list.addEventListener("submit", (event) => this.#submit(event));
    outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
      if (item.type !== "edit") return;
      if (answer.type === "ack") {
        line.clear();
        return announcer.say(words.changed);
      }
      this.#refuse(item, answer.message);
      announcer.say(answer.message);
    });
    store.addEventListener("all", () => this.#restore(), { once: true });
  }

  #click(event) {
    const link = event.target.closest("[data-edit], [data-cancel]");
    if (!link || !this.#connection.works) return;
    event.preventDefault();
    if (link.matches("[data-cancel]")) return this.#close(link.closest("form"));
    const field = this.#open(idOf(link));
    field.focus();
    field.form.scrollIntoView({ block: "nearest" });
  }

  #open(id, text = this.#store.mine.get(id).text) {
    const node = this.#node(id);
    const form = node.querySelector("[data-edit-form]") ?? node.appendChild(cloned("edit", id));
    const field = form.elements.text;
    if (!field.value || field.value !== text) field.value = text;
    return field;
  }

  #close(form) {
    keep(this.#key, null);
    const node = form.closest("[data-question]");
    const had = form.contains(document.activeElement);
    form.remove();
    if (had) node.focus({ preventScroll: true });
  }

  #submit(event) {
    const form = event.target;
    if (!form.matches("[data-edit-form]") || !this.#connection.works) return;
    event.preventDefault();
    const text = form.elements.text.value.trim();
    if (!text) return wrong(form, words.empty);
    this.#outbox.add("edit", { question: idOf(form), text });
    this.#close(form);
  }

  /** What was refused stands in its form again. */
  #refuse({ question, text }, message) {
    if (!this.#node(question)) return;
    const field = this.#open(question, text);
    keep(this.#key, { id: question, text });
    wrong(field.form, message);
  }

  #restore() {
    const draft = kept(this.#key, null);
    if (draft && this.#node(draft.id) && this.#store.mine.get(draft.id)?.state === "waiting") this.#open(draft.id, draft.text);
  }

  #node(id) {
    return this.#list.querySelector(`[data-question="${CSS.escape(id)}"]`);
  }
}

function idOf(element) {
  return element.closest("[data-question]").dataset.question;
}

function wrong(form, message) {
  part(form, "wrong-text").textContent = message;
  part(form, "wrong").hidden = false;
  form.elements.text.setAttribute("aria-invalid", "true");
  form.elements.text.focus();
}
