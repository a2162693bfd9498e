/**
 * What this window knows of the room. Each event brings the whole new state of one thing, so that applying it twice
 * changes nothing. Tells of changes: "all", "question" {id, before}, "session" {before}, "announcement",
 * "votes" {ids}, "present".
 */
export class Store extends EventTarget {
  seq = null;
  you = null;
  session = null;
  present = null;
  questions = new Map();
  mine = new Map();
  voted = new Set();
  announcements = [];
  /** How much the server's clock is ahead of ours, in milliseconds. */
  ahead = 0;

  greet(hello) {
    this.you = hello.you;
    this.ahead = Date.parse(hello.now) - Date.now();
    this.session = hello.session;
    this.mine = byId(hello.mine.questions);
    this.voted = new Set(hello.mine.votes);
    if (hello.snapshot) {
      this.seq = hello.seq;
      this.questions = byId(hello.snapshot.questions);
      this.announcements = hello.snapshot.announcements;
    }
    this.#tell("all");
  }

  /** Returns false where an event before this one is missing. */
  apply(message) {
    if (message.seq !== undefined) {
      if (this.seq === null || message.seq > this.seq + 1) return false;
      if (message.seq <= this.seq) return true;
      this.seq = message.seq;
    }
    this[`_${message.type}`]?.(message);
    return true;
  }

  /** A question as it is to be shown here: the room's, or one's own that the room does not see. */
  find(id) {
    const found = this.questions.get(id);
    if (found) return found;
    const own = this.mine.get(id);
    return own && own.state !== "withdrawn" && own.state !== "merged" ? own : null;
  }

  all() {
    const ids = new Set([...this.questions.keys(), ...this.mine.keys()]);
    return [...ids].map((id) => this.find(id)).filter(Boolean);
  }

  /** Counts one's own vote before the server has, so that the button answers at once. */
  vote(id, on) {
    const question = this.find(id);
    if (!question || this.voted.has(id) === on) return;
    if (on) this.voted.add(id);
    else this.voted.delete(id);
    question.votes = Math.max(0, question.votes + (on ? 1 : -1));
    this.#tell("votes", { ids: [id] });
  }

  _question({ question }) {
    const before = this.find(question.id);
    this.questions.set(question.id, question);
    this.#tell("question", { id: question.id, before });
  }

  _gone({ question }) {
    const before = this.find(question);
    this.questions.delete(question);
    this.#tell("question", { id: question, before });
  }

  _session({ session }) {
    const before = this.session;
    this.session = session;
    this.#tell("session", { before });
  }

  _announcement({ announcement }) {
    this.announcements = [...this.announcements.filter((one) => one.id !== announcement.id), announcement];
    this.#tell("announcement", announcement);
  }

  _mine({ questions = [], votes }) {
    for (const question of questions) {
      const before = this.find(question.id);
      this.mine.set(question.id, question);
      this.#tell("question", { id: question.id, before });
    }
    if (!votes) return;
    const changed = new Set(votes).symmetricDifference?.(this.voted) ?? new Set([...votes, ...this.voted]);
    this.voted = new Set(votes);
    this.#tell("votes", { ids: [...changed] });
  }

  _tally({ votes = {}, present }) {
    const ids = Object.keys(votes);
    for (const id of ids) {
      for (const question of [this.questions.get(id), this.mine.get(id)]) if (question) question.votes = votes[id];
    }
    if (ids.length) this.#tell("votes", { ids });
    if (present !== undefined && present !== this.present) {
      this.present = present;
      this.#tell("present");
    }
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function byId(things) {
  return new Map(things.map((thing) => [thing.id, thing]));
}
