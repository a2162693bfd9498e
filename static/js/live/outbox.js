import { keep, kept } from "./kept.js";

/**
 * What was sent and is not acknowledged yet, oldest first. It outlives a reload, and goes out again under its old
 * `ref`, which changes nothing where the server has it already. Tells of each answer: "settled" with {item, answer}.
 */
export class Outbox extends EventTarget {
  #key;
  items;

  constructor(key) {
    super();
    this.#key = key;
    this.items = kept(key, []);
  }

  add(type, fields) {
    const item = { type, ref: newRef(), ...fields };
    this.items.push(item);
    this.#keep();
    this.dispatchEvent(new CustomEvent("added", { detail: item }));
    return item;
  }

  has(ref) {
    return this.items.some((item) => item.ref === ref);
  }

  /** An `ack` or an `error` has come. */
  settle(answer) {
    const item = this.items.find((one) => one.ref === answer.ref);
    if (!item) return;
    this.items = this.items.filter((one) => one !== item);
    this.#keep();
    this.dispatchEvent(new CustomEvent("settled", { detail: { item, answer } }));
  }

  #keep() {
    keep(this.#key, this.items.length ? this.items : null);
  }
}

// Not randomUUID: that is missing where a summit is served without TLS in a local network.
export function newRef() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
