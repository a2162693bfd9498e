import { fill, words } from "../live/words.js";
import { firstFree, snapped } from "./geometry.js";
import { standing, where } from "./saying.js";

const MINUTE = 60000;

/** Everything with keys (WCAG 2.2 SC 2.1.1): from session to session, and picking up, moving and dropping one. */
export function useKeys(editor) {
  const { root, store, grid, tray, moves, selection, announcer } = editor;
  let held = "";

  root.addEventListener("keydown", (event) => {
    const code = event.target.closest("[data-code]")?.dataset.code;
    if (!code || event.ctrlKey || event.metaKey || event.altKey || root.classList.contains("dragging")) return;
    const act = held === code ? holding(code, event) : resting(code, event);
    if (!act) return;
    event.preventDefault();
    act();
  });
  // Whoever goes elsewhere leaves it where it is.
  root.addEventListener("focusout", () => setTimeout(() => {
    const now = document.activeElement;
    if (held && document.hasFocus() && now?.closest("[data-code]")?.dataset.code !== held) drop(held);
  }));

  function resting(code, { key, shiftKey }) {
    const isPlaced = store.placement(code).start !== null;
    if (shiftKey) return null;
    const acts = {
      Enter: () => pickUp(code), " ": () => pickUp(code),
      ArrowUp: () => go(code, 0, -1), ArrowDown: () => go(code, 0, 1),
      ArrowLeft: () => go(code, -1, 0), ArrowRight: () => go(code, 1, 0),
      Home: () => selection.focus(neighbours(code)[0]), End: () => selection.focus(neighbours(code).at(-1)),
      e: () => editor.inspect(), t: isPlaced ? () => toTray(code) : null, n: () => addAfter(code),
    };
    return acts[key.length === 1 ? key.toLowerCase() : key];
  }

  function holding(code, { key, shiftKey }) {
    const { step } = store.day;
    const acts = {
      Enter: () => drop(code), " ": () => drop(code), Escape: () => putBack(code), t: () => toTray(code),
      ArrowUp: shiftKey ? () => lengthen(code, -step) : () => shift(code, -step),
      ArrowDown: shiftKey ? () => lengthen(code, step) : () => shift(code, step),
      ArrowLeft: () => aside(code, -1), ArrowRight: () => aside(code, 1),
      PageUp: () => shift(code, -60), PageDown: () => shift(code, 60),
      "+": () => lengthen(code, step), "-": () => lengthen(code, -step), "−": () => lengthen(code, -step),
    };
    return acts[key.length === 1 ? key.toLowerCase() : key];
  }

  function pickUp(code) {
    store.hold(code);
    held = code;
    const { title } = store.sessions.get(code);
    const place = store.placement(code);
    to(code, place.start === null ? firstPlace(code) : place, fill(words.picked, { title }));
  }

  function drop(code) {
    held = "";
    moves.move(code, store.placement(code));
    if (!store.own(code)) announcer.say(standing(store, code));
  }

  function putBack(code) {
    held = "";
    store.putBack(code);
    selection.focus(code);
    const place = where(store.day, store.placement(code));
    announcer.say(fill(words.back, { title: store.sessions.get(code).title, where: place }));
  }

  function toTray(code) {
    held = "";
    moves.move(code, { ...store.placement(code), start: null });
    selection.focus(code);
  }

  function shift(code, minutes) {
    const place = store.placement(code);
    const { step } = store.day;
    const aim = place.start + minutes * MINUTE;
    const nearest = Math.abs(minutes) === step ? snapped(aim, grid.from, step) : aim;
    const start = nearest === place.start ? aim : nearest;
    to(code, { ...place, start: Math.max(grid.from, Math.min(start, grid.until - place.minutes * MINUTE)) });
  }

  function lengthen(code, minutes) {
    const place = store.placement(code);
    const most = (grid.until - place.start) / MINUTE;
    to(code, { ...place, minutes: Math.max(store.day.step, Math.min(place.minutes + minutes, most)) });
  }

  function aside(code, by) {
    const place = store.placement(code);
    const stages = grid.stages();
    const at = Math.max(0, stages.indexOf(place.stage)) + by;
    if (stages[at] !== undefined) to(code, { ...place, stage: stages[at] });
  }

  function to(code, place, before = "") {
    store.put(code, place);
    selection.focus(code);
    announcer.say(before, standing(store, code));
  }

  /** The first time that is free on its stage, or on the first. */
  function firstPlace(code) {
    const place = store.placement(code);
    const stages = grid.stages();
    const stage = stages.includes(place.stage) ? place.stage : stages[0];
    const others = store.placed().filter((other) => store.placement(other).stage === stage);
    const taken = others.map((other) => spanOf(store.placement(other)));
    const start = firstFree(taken, Date.parse(store.day.opens), place.minutes);
    return { ...place, stage, start: Math.min(start, grid.until - place.minutes * MINUTE) };
  }

  function addAfter(code) {
    const place = store.placement(code);
    editor.add(place.start === null ? {} : { start: spanOf(place).end, stage: place.stage });
  }

  /** To the next one in that direction: in time within a stage or the tray, or across stages to the nearest in time. */
  function go(code, across, down) {
    const mine = neighbours(code);
    if (down) return selection.focus(mine[mine.indexOf(code) + down]);
    const { start, stage } = store.placement(code);
    if (start === null) return;
    const stages = grid.stages();
    for (let at = stages.indexOf(stage) + across; stages[at] !== undefined; at += across) {
      const there = onStage(stages[at]);
      const far = (other) => Math.abs(store.placement(other).start - start);
      if (there.length) return selection.focus(there.reduce((best, other) => (far(other) < far(best) ? other : best)));
    }
  }

  function neighbours(code) {
    const { start, stage } = store.placement(code);
    return start === null ? tray.codes() : onStage(stage);
  }

  function onStage(stage) {
    return store.placed().filter((other) => store.placement(other).stage === stage);
  }
}

function spanOf({ start, minutes }) {
  return { start, end: start + minutes * MINUTE };
}
