import { fold } from "../live/fold.js";

const MOST = 50;
let count = 0;

/** A field that finds one of many by its name (ARIA APG, editable combobox with list autocomplete). */
export class Combobox {
  element = document.createElement("div");
  input = document.createElement("input");
  #list = document.createElement("ul");
  #words;
  #active = -1;

  /** `choices` gives pairs of a value and its name; `choose` is told the value that was taken. */
  constructor(words) {
    this.#words = words;
    const id = `combobox-${(count += 1)}`;
    const label = Object.assign(document.createElement("label"), { htmlFor: id, textContent: words.label });
    Object.assign(this.input, { id, className: "input", type: "text", autocomplete: "off" });
    Object.assign(this.#list, { id: `${id}-list`, hidden: true });
    this.#set(this.input, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.#list.id });
    this.#set(this.#list, { role: "listbox", "aria-label": words.label });
    this.element.className = "combobox field";
    this.element.append(label, this.input, this.#list);
    this.input.addEventListener("input", () => this.#open());
    this.input.addEventListener("click", () => this.#open());
    this.input.addEventListener("keydown", (event) => this.#press(event));
    this.input.addEventListener("blur", () => this.#close());
    // The field keeps the focus, or the list would close before it hears of the click.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => this.#take(event.target.closest("[data-value]")));
  }

  #open() {
    const words = fold(this.input.value).split(/\s+/);
    const fits = this.#words.choices().filter(([, name]) => words.every((word) => fold(name).includes(word)));
    this.#list.replaceChildren(...fits.slice(0, MOST).map(([value, name], n) => this.#option(value, name, n)));
    if (!fits.length) this.#list.append(this.#option("", this.#words.none, 0));
    this.#list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.#point(this.input.value.trim() && fits.length ? 0 : -1);
  }

  #option(value, name, n) {
    const option = Object.assign(document.createElement("li"), { id: `${this.#list.id}-${n}`, textContent: name });
    this.#set(option, { role: "option", "aria-selected": "false" });
    if (value) option.dataset.value = value;
    else option.setAttribute("aria-disabled", "true");
    return option;
  }

  #press(event) {
    const options = this.#list.querySelectorAll("[data-value]");
    const isOpen = !this.#list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) this.#open();
      else if (options.length) this.#point(stepped(this.#active, event.key === "ArrowDown", options.length));
    } else if (event.key === "Enter" && (isOpen || this.input.value)) {
      // Never sends the form while a name is being looked for.
      event.preventDefault();
      if (isOpen && options[this.#active]) this.#take(options[this.#active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      this.#close();
    }
  }

  #point(active) {
    this.#active = active;
    const options = [...this.#list.children];
    for (const [n, option] of options.entries()) option.setAttribute("aria-selected", String(n === active));
    if (active < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", options[active].id);
    options[active]?.scrollIntoView({ block: "nearest" });
  }

  #take(option) {
    if (!option) return;
    this.input.value = "";
    this.#close();
    this.#words.choose(option.dataset.value);
  }

  #close() {
    this.#list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.#point(-1);
  }

  #set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  }
}

function stepped(active, isDown, length) {
  if (isDown) return (active + 1) % length;
  return active <= 0 ? length - 1 : active - 1;
}
