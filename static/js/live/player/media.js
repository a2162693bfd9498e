import { soundIn } from "./sound.js";

const TRY_AGAIN = 5000;

/**
 * Picture or sound that plays: HLS by hls.js where that can work, which only then is loaded, else by the browser
 * itself. Of a stream no more than its list is loaded before somebody presses play. Tells "levels" when the qualities
 * are known, "says" when it is known what sound only comes to, and "trouble"; `signal` ends with it.
 */
export class Media extends EventTarget {
  element;
  hls = null;
  /** "alone", "lowest" or "single": what takes least of a stream without a sound of its own; "" before that is known. */
  says = "";
  #ending = new AbortController();
  #opening;
  #trouble;
  #isStarted = false;
  #wantsPlace = 0;

  constructor(element, trouble) {
    super();
    this.element = element;
    this.#trouble = trouble;
    this.listen("loadedmetadata", () => this.#isWell());
    this.listen("playing", () => this.#isWell());
    this.#opening = this.#open();
  }

  get isPicture() {
    return this.element.localName === "video" && !this.element.closest(".sound");
  }

  get signal() {
    return this.#ending.signal;
  }

  listen(type, listener) {
    this.element.addEventListener(type, listener, { signal: this.signal });
  }

  /** Ends it, and gives what another needs to go on. */
  stop() {
    const { paused, ended, currentTime, duration, loop } = this.element;
    const isFilm = Number.isFinite(duration) && !loop;
    this.#ending.abort();
    this.hls?.destroy();
    this.hls = null;
    return { isPlaying: !paused && !ended, address: isFilm ? this.#address : "", currentTime };
  }

  /** Plays on where another played before, and of the same film from the same place. */
  async goOn(before) {
    if (before?.address === this.#address) {
      this.#wantsPlace = before.currentTime;
      this.listen("loadedmetadata", () => { this.element.currentTime = this.#wantsPlace; });
    }
    await this.#opening;
    // A browser may want another press for this; its own button is there.
    if (before?.isPlaying && !this.signal.aborted) this.element.play().catch(() => {});
  }

  get #address() {
    return this.element.dataset.hls ?? this.element.src;
  }

  async #open() {
    const { element } = this;
    let address = element.dataset.hls;
    if (!address) return this.#watch();
    const isOurs = "MediaSource" in window;
    // Else the browser would begin with it by itself.
    if (isOurs) element.querySelector("source")?.remove();
    if ("lowest" in element.dataset) address = await this.#leastOf(address);
    if (this.signal.aborted) return;
    if (!isOurs) {
      if (address !== element.dataset.hls) element.src = address;
      else element.load();
      return this.#watch();
    }
    try {
      const { default: Hls } = await import("../../../vendor/hls/hls.light.min.mjs");
      if (!this.signal.aborted) this.#openHls(Hls, address);
    } catch {
      this.#later(() => this.#open());
    }
  }

  /** The sound alone where the stream has it, else its lowest quality; and says which of the two it is. */
  async #leastOf(address) {
    try {
      const answer = await fetch(address, { signal: this.signal });
      const { url, says } = soundIn(await answer.text(), answer.url);
      this.says = says;
      if (says === "alone") this.element.closest(".player").classList.add("sound");
      this.dispatchEvent(new Event("says"));
      return url;
    } catch {
      return address;
    }
  }

  #openHls(Hls, address) {
    // The page's policy allows no worker from a blob.
    if (!Hls.isSupported()) {
      this.element.src = address;
      return this.#watch();
    }
    const hls = new Hls({ enableWorker: false, capLevelToPlayerSize: true, autoStartLoad: false });
    this.hls = hls;
    const start = () => {
      this.#isStarted = true;
      hls.startLoad(this.#wantsPlace || -1);
    };
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      this.#isWell();
      this.dispatchEvent(new Event("levels"));
      if (this.#isStarted) start();
    });
    hls.on(Hls.Events.ERROR, (_event, error) => {
      if (!error.fatal) return;
      if (error.type !== Hls.ErrorTypes.MEDIA_ERROR) {
        return this.#later(() => (hls.levels?.length ? hls.startLoad() : hls.loadSource(address)));
      }
      this.#isTroubled();
      hls.recoverMediaError();
    });
    this.listen("play", () => { if (!this.#isStarted) start(); });
    // Whoever pressed play while all this was loading is not asked again.
    const isWanted = !this.element.paused;
    hls.loadSource(address);
    hls.attachMedia(this.element);
    if (!isWanted) return;
    start();
    this.element.play().catch(() => {});
  }

  #watch() {
    const { element } = this;
    const again = () => this.#later(() => element.load());
    this.listen("error", again);
    element.querySelector("source")?.addEventListener("error", again, { signal: this.signal });
  }

  #later(act) {
    this.#isTroubled();
    setTimeout(() => { if (!this.signal.aborted) act(); }, TRY_AGAIN);
  }

  #isWell() {
    this.#trouble.hidden = true;
  }

  #isTroubled() {
    if (this.#trouble.hidden) this.dispatchEvent(new Event("trouble"));
    this.#trouble.hidden = false;
  }
}
