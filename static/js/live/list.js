import { belongs, compare } from "./order.js";
import { holding, isAtRest } from "./holding.js";
import { fillQuestion, fillVotes, newQuestion } from "./question.js";
import { hasWords } from "./fold.js";
import { count, words } from "./words.js";

/**
 * The questions of the room. What is being read never moves: changes apply in place, and new questions gather behind a
 * button unless the list rests at its top and nobody is in it. The order changes only when somebody asks for that.
 */
export class List {
  #store;
  #root;
  #list;
  #more;
  #empty;
  #items = new Map();
  #behind = new Set();
  #sort;
  #words;

  constructor(root, store) {
    this.#root = root;
    this.#store = store;
    this.#list = root.querySelector("[data-questions]");
    this.#more = root.querySelector("[data-new]");
    this.#empty = root.querySelector("[data-empty]");
    this.#sort = root.dataset.sort;
    this.#words = root.dataset.words;
    for (const node of this.#list.children) this.#items.set(node.dataset.question, node);
    this.#more.addEventListener("click", () => this.#showNew());
    for (const link of root.querySelectorAll("[data-sort-by]")) {
      link.addEventListener("click", (event) => this.#sortBy(event, link));
    }
    addEventListener("hashchange", () => this.#goToTarget());
    // A link that was followed before leads there again.
    root.addEventListener("click", ({ target }) => {
      const link = target.closest("a[href^='#q-']");
      if (link && link.hash === location.hash) this.#goToTarget();
    });
    store.addEventListener("all", () => this.#refresh());
    store.addEventListener("question", ({ detail }) => this.#change(detail.id));
    store.addEventListener("votes", ({ detail }) => detail.ids.forEach((id) => this.#recount(id)));
    // Whether one may vote follows from it.
    store.addEventListener("session", () => [...this.#items.keys()].forEach((id) => this.#recount(id)));
    this.#finish();
    this.#goToTarget();
  }

  get isFilled() {
    return Boolean(this.#list.dataset.filled);
  }

  /** Brings a question into view, whatever the order, and gives it the focus; where it was merged, its target. */
  goTo(id) {
    const question = this.#store.lead(id);
    if (question && !this.#items.has(question.id)) this.#insert(question);
    this.#finish();
    // Before the line is up, there is what the page came with.
    const node = question ? this.#items.get(question.id) : document.getElementById(`q-${id}`)?.closest("[data-question]");
    node?.scrollIntoView({ block: "center" });
    node?.focus({ preventScroll: true });
  }

  /** Shows only what has these words; returns how many have, or null where all are shown. */
  search(text) {
    this.#words = text;
    this.#keepInAddress("q", text);
    if (!this.isFilled) return null;
    this.#rebuild();
    return text ? this.#items.size : null;
  }

  #refresh() {
    const first = !this.isFilled;
    for (const id of [...this.#items.keys()]) if (!this.#store.find(id)) this.#remove(id);
    for (const question of this.#inOrder()) this.#put(question);
    this.#list.dataset.filled = "yes";
    this.#finish();
    // Whoever is somewhere else by now stays there.
    const { activeElement } = document;
    if (first && (activeElement === document.body || this.#list.contains(activeElement))) this.#goToTarget();
  }

  #change(id) {
    const question = this.#store.find(id);
    if (question) this.#put(question);
    else this.#remove(id);
    this.#finish();
  }

  #put(question) {
    const node = this.#items.get(question.id);
    if (node && question.state === "withdrawn" && this.#sort !== "mine") return this.#remove(question.id);
    if (node) return fillQuestion(node, question, this.#store);
    if (!this.#isWanted(question)) return this.#behind.delete(question.id);
    if (this.#store.mine.has(question.id) || isAtRest(this.#list, this.#root.querySelector(".player"))) this.#insert(question).classList.add("fresh");
    else this.#behind.add(question.id);
  }

  #insert(question) {
    const node = newQuestion(question, this.#store);
    const after = [...this.#list.children].find((other) => {
      const there = this.#store.find(other.dataset.question);
      return there && compare(question, there, this.#sort) < 0;
    });
    this.#list.insertBefore(node, after ?? null);
    this.#items.set(question.id, node);
    this.#behind.delete(question.id);
    return node;
  }

  #remove(id) {
    this.#behind.delete(id);
    const node = this.#items.get(id);
    if (!node) return;
    if (node.contains(document.activeElement)) {
      const heir = node.nextElementSibling ?? node.previousElementSibling ?? this.#root.querySelector("#questions");
      heir.focus({ preventScroll: true });
    }
    node.remove();
    this.#items.delete(id);
  }

  #recount(id) {
    const node = this.#items.get(id);
    const question = this.#store.find(id);
    if (node && question) fillVotes(node, question, this.#store);
  }

  #showNew() {
    const fresh = [...this.#behind];
    this.#rebuild();
    const first = this.#list.querySelector(fresh.map((id) => `[data-question="${CSS.escape(id)}"]`).join() || "li");
    for (const id of fresh) this.#items.get(id)?.classList.add("fresh");
    first?.scrollIntoView({ block: "nearest" });
    first?.focus({ preventScroll: true });
  }

  #isWanted(question) {
    if (!belongs(question, this.#sort, this.#store.mine.has(question.id))) return false;
    return !this.#words || hasWords(question, this.#words);
  }

  #sortBy(event, link) {
    if (!this.isFilled) return;
    event.preventDefault();
    this.#sort = link.dataset.sortBy;
    for (const other of this.#root.querySelectorAll("[data-sort-by]")) {
      if (other === link) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    this.#keepInAddress("sort", this.#sort === "votes" ? "" : this.#sort);
    this.#rebuild();
  }

  #keepInAddress(name, value) {
    const address = new URL(location);
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
    history.replaceState(null, "", address);
  }

  #rebuild() {
    const wanted = this.#inOrder().filter((question) => this.#isWanted(question));
    const ids = new Set(wanted.map((question) => question.id));
    for (const id of [...this.#items.keys()]) if (!ids.has(id)) this.#remove(id);
    this.#behind.clear();
    for (const question of wanted) {
      if (!this.#items.has(question.id)) this.#items.set(question.id, newQuestion(question, this.#store));
    }
    this.#list.append(...wanted.map((question) => this.#items.get(question.id)));
    this.#finish();
  }

  #inOrder() {
    return this.#store.all().sort((a, b) => compare(a, b, this.#sort));
  }

  #finish() {
    if (this.#behind.size) this.#more.textContent = count("new", this.#behind.size);
    holding(this.#root.querySelector("[data-scroller]"), () => { this.#more.hidden = !this.#behind.size; });
    this.#empty.hidden = Boolean(this.#words) || this.#items.size > 0 || this.#behind.size > 0;
    this.#empty.textContent = words.none[this.#sort];
    const found = this.#root.querySelector("[data-found]");
    found.hidden = !this.#words;
    if (this.#words) found.querySelector("[data-found-text]").textContent = count("found", this.#items.size);
    if (!this.#store.session) return;
    const inRoom = [...this.#store.questions.values()].filter(({ state }) => !["merged", "withdrawn"].includes(state));
    this.#root.querySelector("[data-count]").textContent = inRoom.length;
  }

  #goToTarget() {
    const { hash } = location;
    if (hash.startsWith("#q-")) afterBrowser(() => this.goTo(hash.slice(3)));
  }
}

/** Browsers go by themselves to what an address names, in their next frame, and may take the focus from elsewhere. */
function afterBrowser(go) {
  requestAnimationFrame(() => requestAnimationFrame(go));
}
