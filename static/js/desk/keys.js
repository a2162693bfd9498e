import { remember, remembered } from "../live/kept.js";
import { words } from "../live/words.js";

const SETTING = "summit:desk:keys";
const MOVES = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const CROSSES = { l: 1, ArrowRight: 1, h: -1, ArrowLeft: -1 };
const PANELS = { g: "session", o: "polls", y: "people", c: "chat", w: "wall" };
const OPENS = { "?": "help", b: "announce" };
/** What is also done with all that are ticked. */
const ACTS = { a: ["approve"], d: ["dismiss"], Enter: ["answered"], p: ["pin", "unpin"], f: ["pick", "unpick"], u: ["restore"] };
const WRITES = { e: "edit", r: "reply", n: "note", t: "label" };
const OTHERS = { m: "merge", s: "answer", i: "asker" };
const OTHERS_BY = { merge: (desk, ids) => desk.merge(ids), asker: (desk, [id]) => desk.asker(id) };
const IN_PANEL = ["?", "b", "/", ...Object.keys(PANELS)];

/** The keys of the desk. They rest while somebody types, and can be turned off (WCAG 2.2 SC 2.1.4). */
export function useKeys(desk) {
  const { root, dialogs, store } = desk;
  const early = [];
  store.addEventListener("all", () => early.splice(0).forEach((run) => run()));
  const choice = root.querySelector("[data-keys]");
  root.querySelector("[data-keys-choice]").hidden = false;
  choice.checked = remembered(SETTING, "on") !== "off";
  const show = () => root.classList.toggle("without-keys", !choice.checked);
  choice.addEventListener("change", () => {
    remember(SETTING, choice.checked ? "on" : "off");
    show();
  });
  show();

  document.addEventListener("keydown", (event) => {
    if (!choice.checked || event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (dialogs.isOpen || event.target.closest("input:not([type=checkbox]), textarea, select, .menu[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.target.closest("[data-panels]") && (event.altKey || !IN_PANEL.includes(key))) return;
    if (key === "Escape" && desk.closeMenu?.()) return;
    if (event.repeat && !(key in MOVES)) return;
    if (event.altKey && !key.startsWith("Arrow")) return;
    const shifted = event.altKey || (event.shiftKey && key !== "?" && key !== "/");
    const run = () => (shifted ? withShift(desk, key) : press(desk, key, event.target));
    // Before the room's state is here, it cannot be told what suits a question: keys wait for it, in their order.
    const isEarly = store.seq === null && (early.length || (!shifted && isAboutQuestions(key, event.target)));
    const done = isEarly ? early.push(run) : run();
    if (done === false) return;
    desk.closeMenu?.();
    event.preventDefault();
  });
}

function isAboutQuestions(key, target) {
  return !opensOther(key, target) && [ACTS, WRITES, OTHERS].some((keys) => key in keys);
}

function opensOther(key, target) {
  return key === "Enter" && target.closest("a, button, summary");
}

/** With Shift, or arrows with Alt: the order by hand, and ticks. False where it is no key of ours. */
function withShift({ order, ticks, selection }, key) {
  if (key in MOVES) return order.move(selection.node, MOVES[key]);
  if (key === "x") return ticks.extend(selection.node);
  if (key === "a") return ticks.all(selection.node);
  return false;
}

function press(desk, key, target) {
  const { selection, dialogs, panels, acts, ticks } = desk;
  if (key in MOVES) return selection.move(MOVES[key]);
  if (key in CROSSES) return selection.cross(CROSSES[key]);
  if (key in OPENS) return dialogs.open(OPENS[key]);
  if (key in PANELS) return panels.toggle(PANELS[key]);
  if (key === "/") return desk.search();
  if (key === "z") return acts.undo();
  if (key === "x") return ticks.toggle(selection.node);
  if (key === "Escape") return leave(desk);
  if (opensOther(key, target)) return false;
  return withQuestion(desk, key);
}

function withQuestion(desk, key) {
  const { selection, acts, ticks } = desk;
  const { id } = selection;
  const ticked = ticks.ids;
  if (key in ACTS) {
    const ids = ticked.length ? ticked : [id];
    const action = ACTS[key].find((one) => ids.some((each) => acts.suits(one, each)));
    return action ? acts.act(action, ids) : unfit(desk);
  }
  const all = key === "t" || key === "m";
  const action = WRITES[key] ?? OTHERS[key];
  if (!action || !id) return false;
  const ids = all && ticked.length ? ticked : [id];
  if (!ids.some((each) => acts.suits(action, each))) return unfit(desk);
  if (action === "answer") return acts.act(action, id);
  if (action in OTHERS_BY) return OTHERS_BY[action](desk, ids);
  return desk.write(action, ids);
}

function unfit({ bar, selection }) {
  if (selection.id) bar.say(words.unfit);
}

function leave({ ticks, panels }) {
  if (ticks.ids.length) return ticks.clear();
  return panels.name ? panels.close() : false;
}
