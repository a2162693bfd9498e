/** What stands beside the questions, one at a time: session, polls, people, chat, wall. Tells of "open" {name}. */
export class Panels extends EventTarget {
  #desk;
  #place;
  #opener = null;
  name = null;

  constructor(desk) {
    super();
    this.#desk = desk;
    this.#place = desk.root.querySelector("[data-panels]");
    for (const button of this.#place.querySelectorAll("[data-panel-close]")) button.hidden = false;
    desk.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-panel-button]");
      if (button) {
        event.preventDefault();
        this.toggle(button.dataset.panelButton, button);
      } else if (event.target.closest("[data-panel-close]")) this.close();
    });
    this.#place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || desk.dialogs.isOpen) return;
      event.preventDefault();
      this.close();
    });
    addEventListener("hashchange", () => this.goToAddress());
    this.#show();
  }

  /** An address may lead to a panel, or to a poll in one. */
  goToAddress() {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    const panel = target?.closest("[data-panel]");
    if (!panel) return;
    this.open(panel.dataset.panel);
    target.focus();
    target.scrollIntoView({ block: "nearest" });
  }

  toggle(name, opener = null) {
    if (this.name === name) this.close();
    else this.open(name, opener);
  }

  open(name, opener = null) {
    this.#opener = opener;
    this.name = name;
    this.#show();
    const panel = this.panel(name);
    (panel.querySelector("[data-first]") ?? panel).focus({ preventScroll: true });
    panel.scrollTop = 0;
    this.dispatchEvent(new CustomEvent("open", { detail: { name } }));
  }

  close() {
    const had = this.#place.contains(document.activeElement);
    const opener = this.#opener;
    this.name = null;
    this.#show();
    if (had && opener) opener.focus();
    else if (had) this.#desk.selection.focus();
  }

  panel(name) {
    return this.#place.querySelector(`[data-panel="${name}"]`);
  }

  #show() {
    for (const panel of this.#place.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== this.name;
    this.#place.hidden = !this.name;
    for (const button of this.#desk.root.querySelectorAll("[data-panel-button]")) {
      button.setAttribute("aria-expanded", String(button.dataset.panelButton === this.name));
    }
  }
}
