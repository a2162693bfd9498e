import { cloned, part } from "./parts.js";
import { fill, words } from "./words.js";

/** The choices that have a place, by their places. */
export function placed(place) {
  const given = [...place.querySelectorAll("select")].filter(({ value }) => value);
  return given.sort((a, b) => a.value - b.value).map(idOf);
}

/** Gives these choices the places from 1 on, and the others none; the rows stand in that order. */
export function arrange(place, ids) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const selects = [...place.querySelectorAll("select")];
  const at = (select) => ids.indexOf(idOf(select));
  for (const select of selects) select.value = at(select) < 0 ? "" : at(select) + 1;
  const rank = (select) => (select.value ? Number(select.value) : Infinity);
  const rows = selects.map((select, n) => ({ select, n })).sort((a, b) => rank(a.select) - rank(b.select) || a.n - b.n);
  const moved = rows.map(({ select }) => select.closest(".place"));
  if (moved.some((row, n) => row !== place.children[n])) place.append(...moved);
  focused?.focus({ preventScroll: true });
}

/** Buttons that move a choice up and down, beside the field for its place. */
export function offerMoves(place) {
  for (const row of place.children) {
    if (row.querySelector("[data-move]")) continue;
    const moves = cloned("moves", idOf(row.querySelector("select")));
    for (const word of ["up", "down"]) part(moves, word).textContent = fill(words[word], { text: labelOf(row) });
    row.append(moves);
  }
}

/** Moves rows by their buttons, and keeps every place given once. */
export function takeMoves(panel, announcer) {
  panel.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-move]");
    if (!button) return;
    const row = button.closest(".place");
    const id = idOf(row.querySelector("select"));
    move(row.parentElement, id, button.dataset.move === "up");
    announcer.say(standing(row));
    row.dispatchEvent(new Event("input", { bubbles: true }));
  });
  panel.addEventListener("change", ({ target }) => {
    const row = target.matches("select") && target.closest(".place");
    if (!row) return;
    const others = placed(row.parentElement).filter((id) => id !== idOf(target));
    if (target.value) others.splice(target.value - 1, 0, idOf(target));
    arrange(row.parentElement, others);
    row.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function move(place, id, up) {
  const ids = placed(place);
  const at = ids.indexOf(id);
  if (at < 0) ids.push(...(up ? [id] : []));
  else if (up && at > 0) ids.splice(at - 1, 2, id, ids[at - 1]);
  else if (!up) ids.splice(at, 2, ...ids.slice(at + 1, at + 2), ...(at === ids.length - 1 ? [] : [id]));
  arrange(place, ids);
}

function standing(row) {
  const { value } = row.querySelector("select");
  return fill(value ? words.placed : words.unplaced, { num: value, text: labelOf(row) });
}

function idOf(select) {
  return select.name.slice("rank-".length);
}

function labelOf(row) {
  return part(row, "label").textContent;
}
