import { keep, kept } from "./kept.js";
import { lettersIn } from "./letters.js";
import { count, words } from "./words.js";

const NEARLY = 80;

/** The ask form: keeps what is typed over a reload, sends by the socket, and gives the text back when it is refused. */
export class Ask {
  #form;
  #text;
  #anonymous;
  #key;
  #connection;
  #outbox;
  #store;
  #announcer;
  #show;

  constructor(form, { key, connection, outbox, store, announcer, show }) {
    this.#form = form;
    this.#text = form.elements.text;
    this.#anonymous = form.elements.anonymous;
    this.#key = key;
    this.#connection = connection;
    this.#outbox = outbox;
    this.#store = store;
    this.#announcer = announcer;
    this.#show = show;
    this.#restore();
    form.addEventListener("input", () => this.#typed());
    form.addEventListener("submit", (event) => this.#submit(event));
    this.#text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    outbox.addEventListener("settled", ({ detail }) => detail.item.type === "ask" && this.#answered(detail));
    connection.addEventListener("state", () => this.#underway());
    this.#underway();
  }

  #restore() {
    const draft = kept(this.#key, null);
    if (draft && !this.#text.value) {
      this.#text.value = draft.text;
      this.#anonymous.checked = draft.anonymous;
    }
    this.#countDown();
  }

  #typed() {
    this.#keepDraft();
    if (this.#place.dataset.sent !== "underway") this.#place.hidden = true;
    this.#wrong("");
    this.#countDown();
  }

  #keepDraft() {
    const text = this.#text.value;
    keep(this.#key, text ? { text, anonymous: this.#anonymous.checked } : null);
  }

  #countDown() {
    const left = Number(this.#text.dataset.most) - lettersIn(this.#text.value);
    const place = this.#form.querySelector("[data-left]");
    place.hidden = left > NEARLY;
    place.textContent = left > NEARLY ? "" : left < 0 ? count("over", -left) : count("left", left);
  }

  #submit(event) {
    if (!this.#connection.works) return keep(this.#key, null);
    event.preventDefault();
    const text = this.#text.value.trim();
    if (!text) return this.#refuse(words.empty);
    this.#text.value = "";
    this.#typed();
    this.#outbox.add("ask", { text, anonymous: this.#anonymous.checked });
    this.#underway();
  }

  #answered({ item, answer }) {
    this.#underway();
    if (answer.type === "ack") return this.#sent(answer.id);
    // Something else may have been begun meanwhile: then both stay, the refused one first.
    this.#text.value = [item.text, this.#text.value].filter(Boolean).join("\n\n");
    this.#anonymous.checked = item.anonymous;
    this.#typed();
    this.#refuse(answer.message);
  }

  #sent(id) {
    const { state, moderation } = this.#store.session;
    const text = state === "ended" ? words.sent_ended : moderation === "before" ? words.sent_before : words.sent_after;
    const link = Object.assign(document.createElement("a"), { href: `#q-${id}`, textContent: words.show });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#show(id);
    });
    this.#say(text, link);
  }

  /** What is still on its way is said for as long as it is. */
  #underway() {
    const waiting = this.#outbox.items.some((item) => item.type === "ask");
    if (waiting) this.#say(this.#connection.state === "open" ? words.sending : words.kept);
    else if (this.#place.dataset.sent === "underway") this.#place.hidden = true;
    this.#place.dataset.sent = waiting ? "underway" : "";
  }

  get #place() {
    return this.#form.querySelector("[data-sent]");
  }

  #say(text, link) {
    this.#place.replaceChildren(text, ...(link ? [" ", link] : []));
    this.#place.hidden = false;
    if (link) this.#announcer.say(text);
  }

  #refuse(message) {
    this.#place.hidden = true;
    this.#wrong(message);
    this.#announcer.say(message);
    this.#text.focus();
  }

  #wrong(message) {
    const error = this.#form.querySelector("#text-error");
    error.hidden = !message;
    error.querySelector("[data-wrong]").textContent = message;
    if (message) this.#text.setAttribute("aria-invalid", "true");
    else this.#text.removeAttribute("aria-invalid");
  }
}
