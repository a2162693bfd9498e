import { remember, remembered } from "../live/kept.js";
import { words } from "../live/words.js";

const DENSITY = "summit:schedule:height";

/** The buttons over the grid: undo and redo, the height of an hour, help; and what goes wrong. */
export function useTools({ root, moves, grid, announcer }) {
  const find = (name) => root.querySelector(`[data-${name}]`);
  const trouble = find("trouble");
  let again = () => {};

  find("undo").addEventListener("click", () => moves.undo());
  find("redo").addEventListener("click", () => moves.redo());
  document.addEventListener("keydown", (event) => {
    const isZ = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "z";
    if (!isZ || event.target.closest("input, textarea, select, dialog")) return;
    event.preventDefault();
    if (event.shiftKey) moves.redo();
    else moves.undo();
  });
  moves.addEventListener("state", () => {
    find("undo").disabled = !moves.canUndo;
    find("redo").disabled = !moves.canRedo;
    find("saving").textContent = moves.isSaving ? words.saving : "";
    if (moves.isSaving) trouble.hidden = true;
  });
  moves.addEventListener("trouble", ({ detail }) => {
    again = detail.again;
    trouble.querySelector('[data-part="text"]').textContent = detail.text;
    trouble.hidden = false;
    announcer.say(detail.text);
  });
  find("again").addEventListener("click", () => {
    trouble.hidden = true;
    again();
  });
  find("dismiss").addEventListener("click", () => { trouble.hidden = true; });

  const density = find("density");
  density.value = remembered(DENSITY, "1.6");
  if (!density.value) density.value = "1.6";
  grid.scale = Number(density.value);
  density.addEventListener("change", () => {
    remember(DENSITY, density.value);
    grid.setScale(Number(density.value));
  });
  find("help").addEventListener("click", () => root.querySelector('[data-dialog="keys"]').showModal());
}
