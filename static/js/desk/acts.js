import { count, fill, words } from "../live/words.js";
import { after, fits, leadsTo } from "./fits.js";

const FOLLOWS = ["answer"];
const SHORT = 60;

/**
 * What a moderator does with questions: sent by the socket once it works, with what they had seen (`versions`), said
 * when it is done, and undone where that can be. Tells of each answer: "done" and "refused" with {item, ids, answer}.
 */
export class Acts extends EventTarget {
  #desk;
  #underWay = new Set();
  #expected = new Map();
  #acknowledged = [];
  #later = [];
  #following = new Set();
  #leading = null;
  #undoing = new Map();

  constructor(desk) {
    super();
    this.#desk = desk;
    const { root, store, outbox, connection, columns, selection, bar } = desk;
    root.addEventListener("submit", (event) => {
      const action = event.submitter?.dataset.act;
      if (!action || !connection.works || !event.target.matches("[data-acts]")) return;
      event.preventDefault();
      this.act(action, event.target.closest("[data-question]").dataset.question);
    });
    outbox.addEventListener("settled", ({ detail }) => this.#settled(detail));
    store.addEventListener("all", () => this.#arrived());
    store.addEventListener("question", () => this.#arrived());
    columns.addEventListener("leaving", ({ detail: { node } }) => {
      if (this.#following.has(node.dataset.question)) return;
      const own = node.getAttribute("aria-busy") === "true";
      if (selection.passOn(node) && !own) bar.say(words.moved);
    });
    columns.addEventListener("moved", ({ detail: { node } }) => {
      const id = node.dataset.question;
      if (this.#leading === id || (this.#following.has(id) && selection.node === node)) selection.goTo(node);
    });
  }

  /** Whether that can be done with the question once all that was done before has come back. */
  suits(action, id) {
    return fits(action, this.#expect(id));
  }

  /** Does it with one question, or with several in one message. */
  act(action, chosen, fields = {}) {
    const ids = [chosen].flat();
    const { store } = this.#desk;
    if (store.seq === null) return store.addEventListener("all", () => this.act(action, chosen, fields), { once: true });
    this.#letGo(action, ids);
    for (const id of ids) if (this.#expect(id)) this.#expected.set(id, after(action, this.#expect(id)));
    this.#send(action, ids, fields);
  }

  /** A key that is quicker than the line waits: each step is done to the question as the one before has left it. */
  #send(action, ids, fields) {
    const { store, outbox } = this.#desk;
    if (ids.some((id) => this.#underWay.has(id))) return this.#later.push({ action, ids, fields });
    const questions = ids.map((id) => store.questions.get(id)).filter(Boolean);
    if (!questions.length) return;
    const known = fields.into ? [...questions, store.questions.get(fields.into)].filter(Boolean) : questions;
    const versions = Object.fromEntries(known.map(({ id, version }) => [id, version]));
    const which = ids.length === 1 ? { question: ids[0] } : { questions: ids };
    for (const id of ids) this.#underWay.add(id);
    for (const node of this.#movers(action, ids)) node.setAttribute("aria-busy", "true");
    outbox.add("moderate", { ...which, action, versions, ...fields });
  }

  /** Takes the last thing back, and leads to it. */
  undo() {
    const { undo, outbox, bar } = this.#desk;
    const last = undo.take();
    if (!last) return bar.say(words.nothing_to_undo);
    for (const id of last.ids) {
      this.#following.add(id);
      this.#underWay.add(id);
    }
    this.#leading = last.ids[0];
    this.#undoing.set(outbox.add("moderate", { question: last.ids[0], action: "undo" }).ref, last.ids);
  }

  /** Whoever sends a question away goes on with the next one at once. */
  #letGo(action, ids) {
    if (FOLLOWS.includes(action)) return ids.forEach((id) => this.#following.add(id));
    const nodes = this.#movers(action, ids);
    for (const node of nodes) node.setAttribute("aria-busy", "true");
    for (const node of nodes) this.#desk.selection.passOn(node);
  }

  #expect(id) {
    return this.#expected.get(id) ?? this.#desk.store.questions.get(id);
  }

  #movers(action, ids) {
    const { store, columns } = this.#desk;
    const questions = ids.map((id) => store.questions.get(id)).filter(Boolean);
    const movers = questions.filter((question) => !FOLLOWS.includes(action) && leadsTo(action, question) !== question.state);
    return movers.map(({ id }) => columns.node(id)).filter(Boolean);
  }

  #settled({ item, answer }) {
    if (item.type !== "moderate") return;
    const ids = this.#undoing.get(item.ref) ?? item.questions ?? [item.question];
    this.#undoing.delete(item.ref);
    const type = answer.type === "ack" ? "done" : "refused";
    if (type === "done") {
      this.#acknowledged.push({ seq: answer.seq, ids });
      this.#say(item, ids);
    } else this.#refuse(item, ids, answer);
    this.dispatchEvent(new CustomEvent(type, { detail: { item, ids, answer } }));
    this.#arrived();
  }

  #say({ action }, ids) {
    const { bar, undo } = this.#desk;
    if (action === "undo") return bar.say(words.did.undo);
    const text = ids.length > 1 ? `${words.did[action]} ${count("questions", ids.length)}.` : words.did[action];
    bar.done(text);
    undo.offer(ids, text);
  }

  #refuse({ action }, ids, answer) {
    const { store, bar } = this.#desk;
    // What was to follow was meant for the question as it was then.
    const followed = this.#later.filter((step) => step.ids.some((id) => ids.includes(id)));
    this.#later = this.#later.filter((step) => !followed.includes(step));
    this.#forget([ids, followed.map((step) => step.ids)].flat(2));
    const wait = answer.retry_after ? ` ${count("wait", Math.ceil(answer.retry_after))}` : "";
    const text = ids.length === 1 && action !== "undo" ? shortened(store.questions.get(ids[0])?.text ?? "") : "";
    bar.wrong(text ? fill(words.refused, { text, message: answer.message + wait }) : answer.message + wait);
  }

  #forget(ids) {
    for (const id of ids) {
      this.#underWay.delete(id);
      this.#desk.columns.node(id)?.removeAttribute("aria-busy");
    }
    if (!ids.some((id) => this.#following.has(id))) return;
    this.#following.clear();
    this.#leading = null;
  }

  /** What was acknowledged has come back as an event, too: the next step can be taken. */
  #arrived() {
    const { seq } = this.#desk.store;
    for (const { ids } of this.#acknowledged.filter((one) => one.seq <= seq)) this.#forget(ids);
    this.#acknowledged = this.#acknowledged.filter((one) => one.seq > seq);
    const steps = this.#later;
    this.#later = [];
    for (const { action, ids, fields } of steps) this.#send(action, ids, fields);
    for (const id of this.#expected.keys()) if (!this.#underWay.has(id)) this.#expected.delete(id);
  }
}

function shortened(text) {
  return text.length > SHORT ? `${text.slice(0, SHORT).trimEnd()} …` : text;
}
