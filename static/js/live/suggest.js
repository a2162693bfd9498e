import { similar } from "./similar.js";
import { fillVotes } from "./question.js";
import { cloned, part, write } from "./parts.js";
import { count, words } from "./words.js";

const PAUSE = 350;
const VOTABLE = ["open", "answering"];

/** While somebody types a question: those that are much like it, each with its vote, so that they can vote instead. */
export class Suggest {
  #block;
  #list;
  #store;
  #announcer;
  #timer = 0;
  #ids = [];

  constructor(form, { store, announcer }) {
    this.#block = document.querySelector("[data-similar]");
    this.#list = this.#block.querySelector("ul");
    this.#store = store;
    this.#announcer = announcer;
    const { text } = form.elements;
    const look = () => this.#show(text.value);
    text.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(look, text.value ? PAUSE : 0);
    });
    form.addEventListener("submit", () => this.#show(""));
    store.addEventListener("all", look);
    store.addEventListener("question", ({ detail }) => this.#ids.includes(detail.id) && look());
    store.addEventListener("votes", ({ detail }) => detail.ids.forEach((id) => this.#fill(id)));
  }

  #show(text) {
    const others = this.#store.all().filter(({ id, state }) => !this.#store.mine.has(id) && [...VOTABLE, "answered"].includes(state));
    const found = similar(text, others);
    const ids = found.map(({ id }) => id);
    // Somebody who is about to vote keeps what is there.
    if (this.#list.contains(document.activeElement) && text) return this.#ids.forEach((id) => this.#fill(id));
    if (!this.#ids.length && ids.length) this.#announcer.say(count("similar", ids.length));
    if (ids.join() !== this.#ids.join()) this.#list.replaceChildren(...ids.map((id) => cloned("similar", id)));
    this.#ids = ids;
    ids.forEach((id) => this.#fill(id));
    this.#block.hidden = !ids.length;
  }

  #fill(id) {
    const node = this.#list.querySelector(`[data-question="${CSS.escape(id)}"]`);
    const question = this.#store.find(id);
    if (!node || !question) return;
    write(node, "text", question.text);
    write(node, "standing", VOTABLE.includes(question.state) ? "" : words.answered);
    part(node, "standing").className = `state ${question.state}`;
    node.querySelector("[data-vote]").hidden = !VOTABLE.includes(question.state);
    fillVotes(node, question, this.#store);
  }
}
