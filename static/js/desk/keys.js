const MOVES = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const CROSSES = { l: 1, ArrowRight: 1, h: -1, ArrowLeft: -1 };
const ACTS = { a: "approve", d: "dismiss", s: "answer" };
const WRITES = { e: "edit", r: "reply", t: "label", n: "note" };
const SETTING = "summit:desk:keys";

/** The keys of the desk. They rest while somebody types, and can be turned off (WCAG 2.2 SC 2.1.4). */
export function useKeys(root, { selection, acts, dialogs }) {
  const choice = root.querySelector("[data-keys]");
  root.querySelector("[data-keys-choice]").hidden = false;
  choice.checked = setting() !== "off";
  const show = () => root.classList.toggle("without-keys", !choice.checked);
  choice.addEventListener("change", () => {
    remember(choice.checked ? "on" : "off");
    show();
  });
  show();

  const press = (key, target) => {
    if (key in MOVES) return selection.move(MOVES[key]);
    if (key in CROSSES) return selection.cross(CROSSES[key]);
    if (key === "?") return dialogs.open("help");
    if (key === "b") return dialogs.open("announce");
    if (key === "z") return acts.undo();
    const { node, id } = selection;
    if (key in WRITES) return acts.suits(WRITES[key], node) && dialogs.write(WRITES[key], id);
    const action = key === "Enter" && !target.closest("a, button, summary") ? "answered"
      : key === "f" ? (acts.suits("pick", node) ? "pick" : "unpick")
      : key === "p" ? (acts.suits("pin", node) ? "pin" : "unpin") : ACTS[key];
    if (!action) return false;
    if (acts.suits(action, node)) acts.act(action, id);
  };
  document.addEventListener("keydown", (event) => {
    if (!choice.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (dialogs.isOpen || event.target.closest("input, textarea, select, [contenteditable], .menu[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.repeat && !(key in MOVES)) return;
    if (press(key, event.target) !== false) event.preventDefault();
  });
}

function setting() {
  try {
    return localStorage.getItem(SETTING);
  } catch {
    return null;
  }
}

function remember(value) {
  try {
    localStorage.setItem(SETTING, value);
  } catch { /* for this page only, then */ }
}
