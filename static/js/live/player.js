import { Media } from "./player/media.js";
import { offerQualities } from "./player/quality.js";
import { exchange, fetchStage } from "./player/exchange.js";
import { offerSmallWindow } from "./player/small_window.js";
import { sayWhatItIs } from "./player/sound.js";
import { showSpoken } from "./player/spoken.js";
import { offerStart } from "./player/start.js";
import { words } from "./words.js";

const APART = 1500;

/** The player of a room and the choices about it. It follows the moderators' switches without a reload. */
export class Player {
  #root;
  #live;
  #announcer;
  #media = null;
  #onStage;
  #asServed;
  #turn = 0;

  constructor(root, { store, announcer }) {
    this.#root = root;
    this.#live = root.dataset.live;
    this.#announcer = announcer;
    this.#onStage = root.querySelector("[data-watch]").dataset.onStage;
    this.#asServed = root.querySelector("#player")?.outerHTML;
    this.#start();
    root.addEventListener("click", (event) => this.#onClick(event));
    root.addEventListener("submit", (event) => this.#onSubmit(event));
    const follow = () => this.#follow(store.session);
    store.addEventListener("session", follow);
    store.addEventListener("all", follow);
  }

  #start() {
    const element = this.#root.querySelector("[data-player]");
    if (!element) return;
    this.#media = new Media(element, this.#root.querySelector("[data-player-trouble]"));
    this.#media.addEventListener("trouble", () => this.#announcer.say(words.stream_trouble));
    offerStart(this.#media, this.#root.querySelector("[data-start]"));
    showSpoken(this.#media, this.#root.querySelector("[data-spoken]"));
    this.#offer();
  }

  #offer() {
    if (!this.#media) return;
    const watch = this.#root.querySelector("[data-watch]");
    offerQualities(this.#media, watch.querySelector("[data-quality]"));
    offerSmallWindow(this.#media, watch.querySelector("[data-small-window]"));
    sayWhatItIs(this.#media, watch.querySelectorAll("[data-sound]"));
  }

  #onClick(event) {
    const link = event.target.closest("a[data-stream]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const { stream } = link.dataset;
    this.#turnTo(stream).catch(() => location.assign(Object.assign(addressWith(stream), { hash: "player" })));
  }

  async #onSubmit(event) {
    const { target: form, submitter } = event;
    if (!form.matches("[data-modes]") || !submitter) return;
    event.preventDefault();
    try {
      const body = new URLSearchParams({ mode: submitter.value });
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (answer.type !== "opaqueredirect") throw new Error("the way to follow was not kept");
      await this.#turnTo(new URLSearchParams(location.search).get("stream") ?? "");
    } catch {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "mode", value: submitter.value }));
      form.submit();
    }
  }

  /** What the moderators have on the stage. All windows of a room hear of it at once, so they come a little apart. */
  #follow(session) {
    const onStage = `${session.source ?? "main"} ${session.stream?.url ?? ""}`;
    if (onStage === this.#onStage) return;
    const before = this.#onStage;
    this.#onStage = onStage;
    setTimeout(async () => {
      try {
        if (await this.#turnTo("")) this.#announcer.say(words.stream_switched);
      } catch {
        // Tried again when the connection is back, as the room then tells what is on the stage.
        if (this.#onStage === onStage) this.#onStage = before;
      }
    }, Math.random() * APART);
  }

  /** Takes the stage as the server shows it now; whether another player is there then. */
  async #turnTo(stream) {
    const turn = ++this.#turn;
    const fresh = await fetchStage(`${this.#live}/stage${addressWith(stream).search}`);
    if (turn !== this.#turn) return false;
    const asServed = fresh.player?.outerHTML;
    const isOther = asServed !== this.#asServed;
    const before = isOther ? this.#media?.stop() : null;
    exchange(this.#root.querySelector(".stage"), fresh, isOther);
    this.#asServed = asServed;
    history.replaceState(history.state, "", addressWith(stream));
    if (isOther) {
      this.#media = null;
      this.#start();
      this.#media?.goOn(before);
    } else {
      this.#offer();
    }
    return isOther;
  }
}

/** The page's own address with that stream: a reload shows the same, and the same questions in the same order. What may
    be loaded from another host is asked again. */
function addressWith(stream) {
  const address = new URL(location.href);
  address.searchParams.delete("play");
  if (stream) address.searchParams.set("stream", stream);
  else address.searchParams.delete("stream");
  return address;
}
