import { fill, words } from "../live/words.js";
import { snapped } from "./geometry.js";
import { where } from "./saying.js";
import { same } from "./store.js";

const MINUTE = 60000;
const LONG_PRESS = 350;
const NEAR = 48;

/** Dragging with a mouse, a pen, or a finger that holds on for a moment: to another time or stage, from and to the tray,
 * and by the lower edge to another length. Escape puts it back. */
export function useDragging(editor) {
  const { root, store, grid, tray, moves, selection, announcer } = editor;
  const chip = root.querySelector("[data-chip]");
  let press = null;
  let drag = null;

  root.addEventListener("pointerdown", (event) => {
    const node = event.target.closest("[data-code]");
    if (!node || event.button !== 0 || drag || node.classList.contains("held")) return;
    const { pointerId, pointerType, clientX, clientY } = event;
    const box = node.getBoundingClientRect();
    const reach = Math.min(pointerType === "touch" ? 16 : 8, box.height / 3);
    const isEdge = grid.scroller.contains(node) && clientY > box.bottom - reach;
    const below = grid.scroller.contains(node) ? clientY - box.top : 10;
    const grab = (below / grid.scale) * MINUTE;
    press = { node, code: node.dataset.code, pointerId, pointerType, x: clientX, y: clientY, isEdge, grab };
    if (pointerType === "touch") press.timer = setTimeout(start, LONG_PRESS);
  });

  window.addEventListener("pointermove", (event) => {
    if (event.pointerId !== (drag ?? press)?.pointerId) return;
    const { clientX: x, clientY: y } = event;
    if (!drag) {
      const far = Math.hypot(x - press.x, y - press.y);
      if (press.pointerType === "touch") return far > 8 ? letGo() : undefined;
      if (far < 4) return;
      start();
    }
    Object.assign(drag, { x, y });
    follow();
  });

  window.addEventListener("pointerup", (event) => { if (event.pointerId === (drag ?? press)?.pointerId) end(true); });
  window.addEventListener("pointercancel", (event) => { if (event.pointerId === (drag ?? press)?.pointerId) end(false); });
  window.addEventListener("keydown", (event) => {
    if (!drag || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(false);
  }, true);
  // A click ends each drag; it must not also choose or open anything.
  root.addEventListener("click", (event) => {
    if (!root.hasAttribute("data-dropped")) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  root.addEventListener("contextmenu", (event) => { if (press?.pointerType === "touch") event.preventDefault(); });

  function start() {
    if (!press) return;
    drag = press;
    press = null;
    drag.from = store.placement(drag.code);
    store.hold(drag.code);
    root.setPointerCapture(drag.pointerId);
    drag.node.addEventListener("touchmove", stay, { passive: false });
    root.classList.add("dragging");
    root.classList.toggle("resizing", drag.isEdge);
    chip.querySelector('[data-part="title"]').textContent = store.sessions.get(drag.code).title;
    chip.hidden = false;
    drag.frame = requestAnimationFrame(scroll);
    follow();
  }

  /** The block goes to the step nearest to the pointer. */
  function follow() {
    const target = drag.isEdge ? longer() : there();
    chip.style.setProperty("--x", `${drag.x}px`);
    chip.style.setProperty("--y", `${drag.y}px`);
    chip.querySelector('[data-part="where"]').textContent = where(store.day, target);
    tray.place.classList.toggle("over", !drag.isEdge && target.start === null);
    if (!same(target, store.placement(drag.code))) store.put(drag.code, target);
  }

  function longer() {
    const { start: begin } = drag.from;
    const end = Math.min(snapped(grid.momentAt(drag.y), grid.from, store.day.step), grid.until);
    return { ...drag.from, minutes: Math.max(store.day.step, (end - begin) / MINUTE) };
  }

  function there() {
    const { x, y, from } = drag;
    if (isIn(tray.place.getBoundingClientRect(), x, y)) return { ...from, start: null };
    if (!isIn(grid.scroller.getBoundingClientRect(), x, y)) return from;
    const lanes = grid.lanes();
    const lane = lanes.find((one) => x < one.getBoundingClientRect().right) ?? lanes.at(-1);
    const latest = grid.until - from.minutes * MINUTE;
    const begin = snapped(grid.momentAt(y) - drag.grab, grid.from, store.day.step);
    return { ...from, start: Math.max(grid.from, Math.min(begin, latest)), stage: lane.dataset.stage };
  }

  /** Near an edge of the grid it scrolls on, as long as the pointer stays there; near one of the window, the page does. */
  function scroll() {
    if (!drag) return;
    const box = grid.scroller.getBoundingClientRect();
    if (isIn(box, drag.x, drag.y)) {
      const down = speed(drag.y, Math.max(box.top, 0), Math.min(box.bottom, innerHeight));
      grid.scroller.scrollBy(drag.isEdge ? 0 : speed(drag.x, box.left, box.right), down);
      if (down) follow();
    }
    window.scrollBy(0, speed(drag.y, 0, innerHeight));
    drag.frame = requestAnimationFrame(scroll);
  }

  function end(isDrop) {
    if (!drag) return letGo();
    const { code, from, frame, node } = drag;
    cancelAnimationFrame(frame);
    drag = null;
    node.removeEventListener("touchmove", stay);
    root.classList.remove("dragging", "resizing");
    tray.place.classList.remove("over");
    chip.hidden = true;
    root.setAttribute("data-dropped", "");
    setTimeout(() => root.removeAttribute("data-dropped"));
    const target = store.placement(code);
    if (isDrop && !same(target, from)) {
      moves.move(code, target);
    } else {
      store.putBack(code);
      if (!isDrop) announcer.say(fill(words.back, { title: store.sessions.get(code).title, where: where(store.day, from) }));
    }
    selection.focus(code);
  }

  function letGo() {
    clearTimeout(press?.timer);
    press = null;
  }
}

function stay(event) {
  event.preventDefault();
}

function isIn({ left, right, top, bottom }, x, y) {
  return x >= left && x <= right && y >= top && y <= bottom;
}

/** Faster the nearer it is to the edge. */
function speed(at, low, high) {
  if (at < low + NEAR) return -Math.ceil((low + NEAR - at) / 4);
  if (at > high - NEAR) return Math.ceil((at - high + NEAR) / 4);
  return 0;
}
