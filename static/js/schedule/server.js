/** What the page asks of the server. Each answer is {status, body}; status 0 where there was none. */
export class Server {
  #at;
  #store;
  // What was asked for before a change must not undo it on the page when it comes after.
  #changes = 0;

  constructor({ at, store }) {
    this.#at = at;
    this.#store = store;
  }

  place(code, fields, seen) {
    return this.#send(`${this.#at}/${code}/placement`, { ...fields, revision: seen });
  }

  add(fields) {
    return this.#send(`${this.#at}/sessions`, fields);
  }

  /** The day as it is now; 304 where it is still the same, and no body where it is out of date already. */
  async look() {
    const { day, tag } = this.#store.day;
    const changes = this.#changes;
    const answer = await ask(`${this.#at}.json?day=${day}`, { headers: { "If-None-Match": tag, Accept: "application/json" }, cache: "no-store" });
    return changes === this.#changes ? answer : { status: 304 };
  }

  async #send(address, fields) {
    this.#changes += 1;
    const body = new URLSearchParams({ ...fields, shown: this.#store.day.day });
    const answer = await ask(address, { method: "POST", body, headers: { Accept: "application/json" } });
    this.#changes += 1;
    return answer;
  }
}

async function ask(address, options) {
  try {
    const response = await fetch(address, options);
    if (response.status === 304) return { status: 304 };
    const body = await response.json();
    const tag = response.headers.get("etag");
    return { status: response.status, body: tag ? { ...body, tag } : body };
  } catch {
    return { status: 0 };
  }
}
