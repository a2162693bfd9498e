import { newRef } from "./outbox.js";

const SHORTEST = 500;
const LONGEST = 15_000;
const RESTART = 1012;
const REFUSED = [4401, 4403, 4429];
const SPREAD = 1500;
const ANSWER_WITHIN = 10_000;
const TRIES_BEFORE_HELP = 4;
const LOOK = 10_000;
const ASLEEP = 60_000;

/**
 * The socket of one session. It comes back by itself and goes on where it broke off (`?after=`).
 * Tells of its state: "state" with connecting, open, lost, struggling or refused.
 */
export class Connection extends EventTarget {
  #address;
  #store;
  #outbox;
  #socket = null;
  #timer = 0;
  #failures = 0;
  state = "connecting";
  /** Whether it was open at least once, and was not refused since: else plain forms are sent as plain forms. */
  works = false;
  /** With which code it was refused: 4401 not signed in, 4403 may not be here, 4429 has opened too many newer windows. */
  refusedWith = 0;

  constructor(path, { as = "", store, outbox }) {
    super();
    this.#address = new URL(path, location.href);
    this.#address.protocol = this.#address.protocol.replace("http", "ws");
    if (as) this.#address.searchParams.set("as", as);
    this.#store = store;
    this.#outbox = outbox;
    outbox.addEventListener("added", ({ detail }) => this.#send(detail));
    addEventListener("online", () => this.#reopen());
    addEventListener("offline", () => this.#lose());
    addEventListener("pagehide", () => this.#drop());
    addEventListener("pageshow", (event) => event.persisted && this.#reopen());
    document.addEventListener("visibilitychange", () => !document.hidden && this.state !== "open" && this.#reopen());
    this.#watchSleep();
  }

  open() {
    clearTimeout(this.#timer);
    const address = new URL(this.#address);
    if (this.#store.seq !== null) address.searchParams.set("after", this.#store.seq);
    const socket = new WebSocket(address, "summit.v1");
    this.#socket = socket;
    socket.onmessage = ({ data }) => socket === this.#socket && this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code);
  }

  /** Sends what may get lost: nobody waits for an answer. */
  tell(type, fields) {
    if (this.state === "open") this.#socket.send(JSON.stringify({ type, ref: newRef(), ...fields }));
  }

  #receive(message) {
    if (message.type === "hello") this.#greeted(message);
    else if (message.type === "ack" || message.type === "error") this.#outbox.settle(message);
    else if (!this.#store.apply(message)) this.#reopen();
  }

  #greeted(hello) {
    const first = this.state !== "open";
    this.#failures = 0;
    this.works = true;
    this.#store.greet(hello);
    this.#become("open");
    if (first) for (const item of [...this.#outbox.items]) this.#send(item);
  }

  #send(item) {
    if (this.state !== "open") return;
    const socket = this.#socket;
    socket.send(JSON.stringify(item));
    // A line that is dead without saying so shows only by its silence.
    setTimeout(() => socket === this.#socket && this.#outbox.has(item.ref) && this.#reopen(), ANSWER_WITHIN);
  }

  #closed(code) {
    this.#socket = null;
    if (REFUSED.includes(code)) {
      this.works = false;
      this.refusedWith = code;
      return this.#become("refused");
    }
    this.#failures += 1;
    this.#become(this.#failures >= TRIES_BEFORE_HELP ? "struggling" : "lost");
    // A server that restarts sends everybody away at once; they need not all come back at once.
    const most = Math.min(LONGEST, (code === RESTART ? SPREAD : SHORTEST) * 2 ** this.#failures);
    this.#timer = setTimeout(() => this.open(), SHORTEST + Math.random() * (most - SHORTEST));
  }

  /** A machine that slept may hold a line that died without a word: whoever wakes up asks anew what was missed. */
  #watchSleep() {
    let last = Date.now();
    const look = () => {
      const slept = Date.now() - last > ASLEEP;
      last = Date.now();
      if (slept && this.state === "open") this.#reopen();
    };
    setInterval(() => !document.hidden && look(), LOOK);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) last = Date.now();
      else look();
    });
  }

  #reopen() {
    if (this.state === "refused") return;
    this.#drop();
    if (this.state === "open") this.#become("lost");
    this.open();
  }

  #lose() {
    if (this.state !== "open") return;
    this.#drop();
    this.#closed(0);
  }

  #drop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
