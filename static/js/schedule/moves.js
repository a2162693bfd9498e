import { fill, words } from "../live/words.js";
import { standing, where } from "./saying.js";
import { same } from "./store.js";

const MOST = 100;

/** Puts sessions in other places: at once on the page, then on the server, and back where that does not work.
 *
 * What this window has done can be undone and done again. "state" tells that something is being saved, or is not. */
export class Moves extends EventTarget {
  #editor;
  #done = [];
  #undone = [];
  #busy = new Set();

  constructor(editor) {
    super();
    this.#editor = editor;
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  get isSaving() {
    return this.#busy.size > 0;
  }

  /** To that place, from where it was when it was picked up. */
  move(code, placement) {
    const { store } = this.#editor;
    store.hold(code);
    const before = store.release(code);
    if (same(before, placement)) return store.forget(code);
    store.put(code, placement);
    const step = { code, before, after: placement, day: store.day.day };
    this.#done.push(step);
    if (this.#done.length > MOST) this.#done.shift();
    this.#undone = [];
    return this.#save(code, step);
  }

  /** By fields as they were typed: the server says where that is. Gives its answer. */
  async moveByFields(code, fields) {
    const { server, store } = this.#editor;
    const before = store.saved(code);
    this.#busy.add(code);
    this.#tell();
    const answer = await server.place(code, fields, store.sessions.get(code).revision);
    this.#busy.delete(code);
    if (answer.status === 200) {
      this.#done.push({ code, before, fields, day: store.day.day });
      this.#undone = [];
      this.#settled(code, answer.body);
    }
    this.#tell();
    return answer;
  }

  undo() {
    return this.#step(this.#done, this.#undone, words.no_undo, words.undone, "before");
  }

  redo() {
    return this.#step(this.#undone, this.#done, words.no_redo, words.redone, "after");
  }

  async #step(from, to, nothing, said, side) {
    const { announcer, server, store } = this.#editor;
    const step = from.pop();
    if (!step) return announcer.say(nothing);
    const { code, day } = step;
    if (store.sessions.has(code) && day === store.day.day && step[side]) {
      to.push(step);
      store.put(code, step[side]);
      // What somebody else has done to it since is not undone unseen.
      store.own(code).seen = step.revision ?? store.own(code).seen;
      return this.#save(code, step, said);
    }
    // It is not on this day, or where it went is known to the server alone.
    const fields = step[side] ? fieldsOf(step[side], day) : step.fields;
    const answer = await server.place(code, fields, step.revision ?? store.sessions.get(code)?.revision);
    if (answer.status !== 200) {
      from.push(step);
      return this.#report(code, answer, () => this.#step(from, to, nothing, said, side));
    }
    to.push({ ...step, revision: answer.body.revision });
    this.#settled(code, answer.body, said);
    this.#tell();
  }

  async #save(code, step, said = "") {
    if (this.#busy.has(code)) return;
    const { store, server, conflicts } = this.#editor;
    this.#busy.add(code);
    this.#tell();
    while (store.own(code) && !store.isHeld(code)) {
      const wanted = store.own(code);
      const answer = await server.place(code, fieldsOf(wanted.placement, store.day.day), wanted.seen);
      if (answer.status === 200) {
        this.#settled(code, answer.body, said, wanted);
      } else if (answer.status === 409) {
        if (await conflicts.ask(answer.body, wanted.placement)) wanted.seen = answer.body.revision;
        else this.#giveUp(code, step);
      } else {
        this.#giveUp(code, step);
        this.#report(code, answer, () => this.move(code, wanted.placement));
      }
    }
    this.#busy.delete(code);
    this.#tell();
  }

  /** The server has it; what came of it is said. */
  #settled(code, body, said = "", wanted = null) {
    const { announcer, store } = this.#editor;
    const own = store.own(code);
    const isLast = !wanted || !own || own === wanted;
    if (!isLast) own.seen = body.revision;
    const known = new Set(store.warningsOf(code).map(({ text }) => text));
    const { title } = body.session;
    for (const step of [...this.#done, ...this.#undone]) if (step.code === code) step.revision = body.revision;
    if (isLast) store.forgetQuietly(code);
    store.take(body, code);
    if (!isLast) return;
    if (!store.sessions.has(code)) return announcer.say(said, fill(words.other_day, { title, where: otherDay(store, body.session) }));
    const now = store.saved(code);
    const fresh = store.warningsOf(code).filter(({ text }) => !known.has(text)).map(({ text }) => text);
    if (wanted && !same(now, wanted.placement)) announcer.say(fill(words.merged, { title, where: where(store.day, now) }), ...fresh);
    else announcer.say(said || words.saved, standing(store, code), ...fresh);
  }

  #giveUp(code, step) {
    const { store } = this.#editor;
    this.#done = this.#done.filter((one) => one !== step);
    this.#undone = this.#undone.filter((one) => one !== step);
    store.forget(code);
  }

  #report(code, { status, body }, again) {
    const { store } = this.#editor;
    const title = store.sessions.get(code)?.title ?? "";
    const place = store.sessions.has(code) ? where(store.day, store.saved(code)) : "";
    const why = status === 401 || status === 403 ? words.signed_out : body?.detail ?? "";
    const text = fill(status ? words.refused : words.offline, { title, where: place, why });
    this.dispatchEvent(new CustomEvent("trouble", { detail: { text, again } }));
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("state"));
  }
}

function otherDay(store, { start, minutes, stage, day }) {
  return where(store.day, { start: Date.parse(start), minutes, stage }, day);
}

function fieldsOf({ start, minutes, stage }, day) {
  if (start === null) return { day: "", minutes, stage };
  return { day, start: new Date(start).toISOString(), minutes, stage };
}
