/**
 * What this window knows of the room. Each event brings the whole new state of one thing, so that applying it twice
 * changes nothing. Tells of changes: "all", "question" {id, before}, "votes" {ids}, "poll" {id, before},
 * "results" {ids}, "session" {before}, "announcement" (itself), "retracted" {id}, "reactions" {before}, "hands", "present", "mine" (what
 * of it changed, by name); to moderators also "hand" {id, before}, "sanction" {id, before}, "chat" (the word), "desk".
 */
export class Store extends EventTarget {
  seq = null;
  you = null;
  session = null;
  present = null;
  questions = new Map();
  polls = new Map();
  announcements = [];
  reactions = {};
  handsUp = 0;

  /** What is one's own: questions by id, votes, ballots by poll, the hand, and whether and why one is muted. */
  mine = new Map();
  voted = new Set();
  ballots = new Map();
  hand = false;
  muted = false;
  muteReason = "";

  /** The moderators' alone: raised hands by person, sanctions by id, words among them, who is at the desk. */
  hands = new Map();
  sanctions = new Map();
  chat = [];
  desk = [];

  /** How much the server's clock is ahead of ours, in milliseconds. */
  ahead = 0;

  greet(hello) {
    this.you = hello.you;
    this.ahead = Date.parse(hello.now) - Date.now();
    this.session = hello.session;
    this.mine = byId(hello.mine.questions);
    this.voted = new Set(hello.mine.votes);
    this.ballots = new Map(Object.entries(hello.mine.ballots ?? {}));
    this.hand = hello.mine.hand ?? false;
    this.muted = hello.mine.muted ?? false;
    this.muteReason = hello.mine.mute_reason ?? "";
    if (hello.snapshot) this.#take(hello.seq, hello.snapshot);
    this.#tell("all");
  }

  #take(seq, snapshot) {
    this.seq = seq;
    this.questions = byId(snapshot.questions);
    this.polls = byId(snapshot.polls ?? []);
    this.announcements = snapshot.announcements;
    this.hands = new Map((snapshot.hands ?? []).map((hand) => [hand.person.id, hand]));
    this.sanctions = byId(snapshot.sanctions ?? []);
    this.chat = snapshot.chat ?? [];
  }

  /** Returns false where an event before this one is missing. What is of no known type only moves `seq` on. */
  apply(message) {
    if (message.seq !== undefined) {
      if (this.seq === null || message.seq > this.seq + 1) return false;
      if (message.seq <= this.seq) return true;
      this.seq = message.seq;
    }
    this[`_${message.type}`]?.(message);
    return true;
  }

  /** Whether a moderator has ended the session: then nobody asks or votes. After the clock's end one still may. */
  get isOver() {
    return this.session.state === "ended" && Boolean(this.session.held);
  }

  /** A question as it is to be shown here: the room's, or one's own that the room does not see. */
  find(id) {
    const [shown, own] = [this.questions.get(id), this.mine.get(id)];
    // What it was merged into may be dismissed: that is told to its author alone.
    if (shown?.state === "merged" && own?.state === "dismissed") return own;
    return shown ?? own ?? null;
  }

  /** The question that a link to `id` leads to: where it was merged, the one that it was merged into. */
  lead(id) {
    const seen = new Set();
    let question = this.find(id);
    while (question?.state === "merged" && this.find(question.merged_into) && !seen.has(question.id)) {
      seen.add(question.id);
      question = this.find(question.merged_into);
    }
    return question;
  }

  all() {
    const ids = new Set([...this.questions.keys(), ...this.mine.keys()]);
    return [...ids].map((id) => this.find(id));
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
    this.#put("question", this.questions, question.id, question);
  }

  _poll({ poll }) {
    this.#put("poll", this.polls, poll.id, poll);
  }

  _gone({ question, poll, announcement }) {
    if (question) {
      const before = this.find(question);
      this.questions.delete(question);
      this.#tell("question", { id: question, before });
    }
    if (poll) {
      const before = this.polls.get(poll) ?? null;
      this.polls.delete(poll);
      this.#tell("poll", { id: poll, before });
    }
    if (announcement) {
      this.announcements = this.announcements.filter(({ id }) => id !== announcement);
      this.#tell("retracted", { id: announcement });
    }
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

  _hand({ hand }) {
    if (hand.raised_at) return this.#put("hand", this.hands, hand.person.id, hand);
    const before = this.hands.get(hand.person.id) ?? null;
    this.hands.delete(hand.person.id);
    this.#tell("hand", { id: hand.person.id, before });
  }

  _sanction({ sanction }) {
    this.#put("sanction", this.sanctions, sanction.id, sanction);
  }

  _chat({ chat }) {
    this.chat = [...this.chat.filter((one) => one.id !== chat.id), chat];
    this.#tell("chat", chat);
  }

  _desk({ moderators }) {
    this.desk = moderators;
    this.#tell("desk");
  }

  _mine({ type, ...changed }) {
    for (const question of changed.questions ?? []) this.#put("question", this.mine, question.id, question);
    if (changed.votes) {
      const [before, now] = [this.voted, new Set(changed.votes)];
      this.voted = now;
      this.#tell("votes", { ids: [...before, ...now].filter((id) => before.has(id) !== now.has(id)) });
    }
    if (changed.ballots) this.ballots = new Map(Object.entries(changed.ballots));
    this.hand = changed.hand ?? this.hand;
    this.muted = changed.muted ?? this.muted;
    this.muteReason = changed.mute_reason ?? this.muteReason;
    this.#tell("mine", changed);
  }

  _tally({ votes = {}, polls = {}, voters = {}, reactions, hands = this.handsUp, present = this.present }) {
    this.#count(votes);
    this.#countPolls(polls, voters);
    if (reactions) {
      const before = this.reactions;
      this.reactions = reactions;
      this.#tell("reactions", { before });
    }
    if (hands !== this.handsUp) {
      this.handsUp = hands;
      this.#tell("hands");
    }
    if (present !== this.present) {
      this.present = present;
      this.#tell("present");
    }
  }

  #count(votes) {
    const ids = Object.keys(votes);
    for (const id of ids) {
      for (const question of [this.questions.get(id), this.mine.get(id)]) if (question) question.votes = votes[id];
    }
    if (ids.length) this.#tell("votes", { ids });
  }

  /** Moderators have `counts` at all times, everybody has `results` while they are shown. */
  #countPolls(polls, voters) {
    const ids = Object.keys(polls).filter((id) => this.polls.has(id));
    for (const id of ids) {
      const poll = this.polls.get(id);
      if (poll.counts) poll.counts = { ...poll.counts, ...polls[id] };
      if (poll.results) poll.results = known({ ...poll.results, ...polls[id] }, poll);
      poll.voters = voters[id] ?? poll.voters;
    }
    if (ids.length) this.#tell("results", { ids });
  }

  #put(type, things, id, thing) {
    const before = (type === "question" ? this.find(id) : things.get(id)) ?? null;
    things.set(id, thing);
    this.#tell(type, { id, before });
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function byId(things) {
  return new Map(things.map((thing) => [thing.id, thing]));
}

/** The counts of words that are on show: a count may come before its word does. */
function known(counts, poll) {
  const shown = poll.choices.filter((choice) => choice.state === undefined || choice.state === "shown");
  return Object.fromEntries(shown.map(({ id }) => [id, counts[id] ?? 0]));
}
