import { count, words } from "../live/words.js";

const REMEMBERED = 50;
const UNDO_WITHIN = 10_000;
const STAYS = ["pin", "unpin", "pick", "unpick", "edit", "label", "note", "answer"];

/** What a moderator does: sent by the socket once it works, said when it is done, and undone where that can be. */
export class Acts {
  #root;
  #store;
  #outbox;
  #columns;
  #selection;
  #bar;
  #done = [];
  #undoing = new Set();

  constructor(root, { connection, store, outbox, columns, selection, bar }) {
    this.#root = root;
    this.#store = store;
    this.#outbox = outbox;
    this.#columns = columns;
    this.#selection = selection;
    this.#bar = bar;
    root.addEventListener("submit", (event) => {
      const action = event.submitter?.dataset.act;
      if (!action || !connection.works) return;
      event.preventDefault();
      this.act(action, event.target.closest("[data-question]").dataset.question);
    });
    outbox.addEventListener("settled", ({ detail }) => this.#settled(detail));
    columns.addEventListener("leaving", ({ detail: { node } }) => {
      const own = node.getAttribute("aria-busy") === "true";
      if (selection.passOn(node) && !own) bar.say(words.moved);
    });
  }

  /** Whether the action suits the question as it is: its button is there. */
  suits(action, node) {
    const control = node?.querySelector(`[data-act="${action}"], [data-write="${action}"]`);
    return Boolean(control && !control.hidden);
  }

  act(action, id, fields = {}) {
    // A key that is quicker than the line waits for it.
    if (this.#store.seq === null) {
      this.#store.addEventListener("all", () => this.act(action, id, fields), { once: true });
      return;
    }
    const question = this.#store.questions.get(id);
    if (!question) return;
    // What this window did itself a moment ago is no surprise to it.
    const isOwn = this.#outbox.items.some((item) => item.type === "moderate" && item.question === id);
    const version = isOwn ? {} : { version: question.version };
    const item = this.#outbox.add("moderate", { question: id, action, ...version, ...fields });
    this.#done.push({ ref: item.ref, id, at: Date.now() });
    this.#done = this.#done.slice(-REMEMBERED);
    if (STAYS.includes(action) || (action === "reply" && question.state === "answered")) return;
    const node = this.#columns.node(id);
    node.setAttribute("aria-busy", "true");
    this.#selection.passOn(node);
  }

  /** Puts the selected one back where it is done; else takes back what was done last. */
  undo() {
    if (this.suits("restore", this.#selection.node)) return this.act("restore", this.#selection.id);
    const last = this.#done.pop();
    if (!last) return this.#bar.say(words.nothing_to_undo);
    if (Date.now() - last.at > UNDO_WITHIN) return this.#bar.say(words.too_late);
    this.#undoing.add(this.#outbox.add("moderate", { question: last.id, action: "undo" }).ref);
  }

  #settled({ item, answer }) {
    if (item.type !== "moderate") return;
    const undone = this.#undoing.delete(item.ref);
    if (answer.type === "ack") return this.#bar.say(undone ? words.did.undo : words.did[item.action]);
    this.#done = this.#done.filter((one) => one.ref !== item.ref);
    this.#columns.node(item.question)?.removeAttribute("aria-busy");
    const wait = answer.retry_after ? ` ${count("wait", Math.ceil(answer.retry_after))}` : "";
    this.#bar.wrong(answer.message + wait);
  }
}
