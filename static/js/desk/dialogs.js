/** Dialogs of the desk: opening and closing them, and where the focus goes afterwards. */
export class Dialogs {
  #root;

  constructor({ root, selection }) {
    this.#root = root;
    root.addEventListener("click", (event) => this.#click(event));
    root.addEventListener("keydown", (event) => submitByKey(event));
    // The browser gives the focus back to what had it; nothing had where the keys worked without it.
    for (const dialog of root.querySelectorAll("dialog")) {
      dialog.addEventListener("close", () => {
        const now = document.activeElement;
        if (!now || now === document.body || dialog.contains(now)) selection.focus();
      });
    }
  }

  get isOpen() {
    return Boolean(this.#root.querySelector("dialog[open]"));
  }

  open(name) {
    const dialog = this.dialog(name);
    if (dialog.open) dialog.close();
    dialog.showModal();
    return dialog;
  }

  dialog(name) {
    return this.#root.querySelector(`#${name}`);
  }

  #click(event) {
    const opens = event.target.closest("[data-open]");
    const closes = event.target.closest("[data-close]");
    // One that an address opened (#help) is closed by the address, too.
    if (!opens && !closes?.closest("dialog").open) return;
    event.preventDefault();
    if (opens) this.open(opens.dataset.open);
    else closes.closest("dialog").close();
  }
}

function submitByKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat || event.isComposing) return;
  const form = event.target.closest("[data-dialog-form]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
}
