import { count, words } from "../live/words.js";
import { length, span, stageName } from "./saying.js";

/** The button of a session, in the grid and in the tray: made once, then kept up to date. */
export function makeBlock(code) {
  const node = document.getElementById("block").content.firstElementChild.cloneNode(true);
  node.dataset.code = code;
  return node;
}

export function fillBlock(node, store, code) {
  const session = store.sessions.get(code);
  const placement = store.placement(code);
  const warned = store.warningsOf(code).length;
  const isPlaced = placement.start !== null;
  write(node, "title", session.title, session.title_lang);
  write(node, "time", isPlaced ? span(placement) : [length(placement.minutes), session.type].filter(Boolean).join(" · "));
  write(node, "stage", isPlaced ? stageName(store.day, placement.stage) : "");
  write(node, "speakers", session.speakers.join(", "));
  write(node, "state", [session.cancelled && words.cancelled, session.theme?.name, warned && count("warned", warned)].filter(Boolean).join(", "));
  part(node, "flag").hidden = !warned;
  const isHeld = store.isHeld(code);
  const states = {
    [`theme-${session.theme?.colour}`]: Boolean(session.theme), warned: warned > 0, off: session.cancelled, held: isHeld,
    clashing: isHeld && store.overlapping(code).length > 0, unsaved: Boolean(store.own(code)) && !isHeld,
  };
  const names = Object.keys(states).filter((name) => states[name]).join(" ");
  if (node.dataset.states !== names) {
    node.dataset.states = names;
    node.className = `block ${names}`;
  }
  writeShape(part(node, "shape"), session.theme?.shape ?? "");
}

function part(node, name) {
  return node.querySelector(`[data-part="${name}"]`);
}

function write(node, name, text, lang = "") {
  const found = part(node, name);
  if (found.textContent !== text) found.textContent = text;
  if (lang) found.lang = lang;
  else found.removeAttribute("lang");
}

function writeShape(place, shape) {
  if (place.dataset.shape === shape) return;
  place.dataset.shape = shape;
  place.replaceChildren(...(shape ? [document.getElementById(`shape-${shape}`).content.cloneNode(true)] : []));
}
