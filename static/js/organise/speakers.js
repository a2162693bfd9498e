import { Combobox } from "./combobox.js";

/**
 * Who speaks, as a list that is put in order by buttons, with a field that finds more people by their names.
 * It takes the place of the menus that the page has without scripts, and sends the same fields.
 */
export class SpeakerPicker {
  #words;
  #icons;
  #names;
  #list = document.createElement("ol");
  #status = document.createElement("p");
  #empty = document.createElement("p");
  #field;

  constructor(fieldset) {
    this.#words = JSON.parse(fieldset.dataset.words);
    this.#icons = [...fieldset.querySelector("template").content.querySelectorAll("svg")];
    const menus = [...fieldset.querySelectorAll("select")];
    const options = [...menus[0].options].filter((option) => option.value);
    this.#names = new Map(options.map((option) => [option.value, option.text.trim()]));
    this.#list.className = "chosen";
    this.#list.setAttribute("role", "list");
    this.#status.className = "hidden";
    this.#status.setAttribute("role", "status");
    this.#empty.className = "muted";
    this.#empty.textContent = this.#words.empty;
    this.#field = new Combobox({
      label: this.#words.search,
      none: this.#words.none,
      choices: () => [...this.#names].filter(([code]) => !this.#codes().includes(code)),
      choose: (code) => this.#add(code),
    });
    const first = fieldset.querySelector("[data-plain]");
    first.before(this.#empty, this.#list, this.#field.element, this.#status);
    for (const menu of menus) if (menu.value) this.#append(menu.value);
    for (const plain of fieldset.querySelectorAll("[data-plain]")) plain.remove();
    this.#refresh();
  }

  #codes() {
    return [...this.#list.querySelectorAll("input")].map((input) => input.value);
  }

  #add(code) {
    this.#append(code);
    this.#refresh();
    this.#say("added", code);
  }

  #append(code) {
    const name = this.#names.get(code);
    if (!name || this.#codes().includes(code)) return;
    const item = document.createElement("li");
    const text = document.createElement("span");
    text.textContent = name;
    const input = Object.assign(document.createElement("input"), { type: "hidden", name: "speakers", value: code });
    const [up, down, remove] = ["up", "down", "remove"].map((act, n) => this.#button(act, name, this.#icons[n]));
    up.addEventListener("click", () => this.#move(item, up, -1));
    down.addEventListener("click", () => this.#move(item, down, 1));
    remove.addEventListener("click", () => this.#remove(item, code));
    item.append(text, input, up, down, remove);
    this.#list.append(item);
  }

  #button(act, name, icon) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", this.#words[act].replace("%(name)s", name));
    button.append(icon.cloneNode(true));
    return button;
  }

  #move(item, button, step) {
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(item);
    else other.after(item);
    this.#refresh();
    // Moving an element takes the focus from it.
    button.focus();
    this.#say("moved", item.querySelector("input").value, [...this.#list.children].indexOf(item) + 1);
  }

  #remove(item, code) {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    this.#refresh();
    const focus = next?.querySelector("button:last-of-type") ?? this.#field.input;
    focus.focus();
    this.#say("removed", code);
  }

  #refresh() {
    this.#empty.hidden = this.#list.children.length > 0;
    for (const item of this.#list.children) {
      const [up, down] = item.querySelectorAll("button");
      up.setAttribute("aria-disabled", String(!item.previousElementSibling));
      down.setAttribute("aria-disabled", String(!item.nextElementSibling));
    }
  }

  #say(what, code, place = 0) {
    this.#status.textContent = this.#words[what].replace("%(name)s", this.#names.get(code)).replace("%(place)s", place);
  }
}
