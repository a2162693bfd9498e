/** The shown day as the server has it, and over it where this window has put sessions that are not saved yet.
 *
 * A placement is {start, minutes, stage}: start in milliseconds, null in the tray. "change" is told after each change,
 * "others" with what somebody else has done. */
export class Store extends EventTarget {
  day = { sessions: [], stages: [], warnings: [], days: [] };
  sessions = new Map();
  #saved = new Map();
  #warnings = new Map();
  #own = new Map();
  #held = new Map();

  /** A whole day from the server; `mine` is the code of what this window has just saved. */
  take(day, mine = "") {
    const before = this.sessions;
    const isSameDay = before.size > 0 && this.day.day === day.day;
    this.day = day;
    this.sessions = new Map(day.sessions.map((one) => [one.code, one]));
    this.#saved = new Map(day.sessions.map(({ code, start, minutes, stage }) => [code, { start: start === null ? null : Date.parse(start), minutes, stage }]));
    this.#warnings = byCode(day.warnings);
    this.#tellChange();
    if (isSameDay) this.#tellOthers(before, mine);
  }

  /** Where a session stands in this window. */
  placement(code) {
    return this.#own.get(code)?.placement ?? this.saved(code);
  }

  /** Where the server has it. */
  saved(code) {
    return this.#saved.get(code);
  }

  own(code) {
    return this.#own.get(code);
  }

  /** From now on it stays where this window puts it, and what others do to it meanwhile is not overwritten unseen. */
  hold(code) {
    if (!this.#held.has(code)) this.#held.set(code, this.placement(code));
    if (!this.#own.has(code)) this.#own.set(code, { placement: this.saved(code), seen: this.sessions.get(code).revision });
  }

  isHeld(code) {
    return this.#held.has(code);
  }

  /** Lets go of it; gives where it was when it was picked up. */
  release(code) {
    const from = this.#held.get(code) ?? this.placement(code);
    this.#held.delete(code);
    return from;
  }

  /** Back to where it was when it was picked up. */
  putBack(code) {
    const from = this.release(code);
    if (same(from, this.saved(code))) this.forget(code);
    else this.put(code, from);
  }

  put(code, placement) {
    const seen = this.#own.get(code)?.seen ?? this.sessions.get(code).revision;
    this.#own.set(code, { placement, seen });
    this.#tellChange();
  }

  /** What this window wanted is done, or given up. */
  forget(code) {
    this.#own.delete(code);
    this.#held.delete(code);
    this.#tellChange();
  }

  /** The same before the server's own state is taken, which tells the change. */
  forgetQuietly(code) {
    this.#own.delete(code);
    this.#held.delete(code);
  }

  /** The codes of the grid, by time. */
  placed() {
    const starts = new Map();
    for (const code of this.sessions.keys()) {
      const { start } = this.placement(code);
      if (start !== null) starts.set(code, start);
    }
    return [...starts.keys()].sort((one, other) => starts.get(one) - starts.get(other));
  }

  waiting() {
    return [...this.sessions.keys()].filter((code) => this.placement(code).start === null);
  }

  warningsOf(code) {
    return this.#warnings.get(code) ?? [];
  }

  /** Others on the same stage at the same time. */
  overlapping(code) {
    const { start, minutes, stage } = this.placement(code);
    if (start === null || this.sessions.get(code).cancelled) return [];
    const end = start + minutes * 60000;
    return this.placed().filter((other) => {
      const there = this.placement(other);
      const isThere = other !== code && there.stage === stage && !this.sessions.get(other).cancelled;
      return isThere && there.start < end && start < there.start + there.minutes * 60000;
    });
  }

  #tellChange() {
    this.dispatchEvent(new CustomEvent("change"));
  }

  #tellOthers(before, mine) {
    const changed = this.day.sessions.filter(({ code, revision }) => code !== mine && before.get(code)?.revision !== revision);
    const gone = [...before.values()].filter(({ code }) => code !== mine && !this.sessions.has(code));
    if (changed.length || gone.length) this.dispatchEvent(new CustomEvent("others", { detail: { changed, gone, before } }));
  }
}

export function same(one, other) {
  return one.start === other.start && one.minutes === other.minutes && one.stage === other.stage;
}

function byCode(warnings) {
  const found = new Map();
  for (const warning of warnings) {
    for (const code of warning.sessions) found.set(code, [...(found.get(code) ?? []), warning]);
  }
  return found;
}
