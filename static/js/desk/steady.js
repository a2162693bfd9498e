/** Changes lists so that what is read there stays where it is: each column scrolls along with what comes in above it. */
export function steadily(lists, change) {
  const scrollers = new Set(lists.map((list) => list.closest("[data-column]")));
  const held = [...scrollers].filter((node) => node.scrollHeight > node.clientHeight).map((node) => ({ node, mark: markIn(node) }));
  const before = held.map(({ mark }) => mark?.getBoundingClientRect().top);
  change();
  held.forEach(({ node, mark }, n) => {
    if (mark?.isConnected && node.contains(mark)) node.scrollTop += mark.getBoundingClientRect().top - before[n];
  });
}

/** What must not move: the selected one where it is in view, else the first in view. */
function markIn(column) {
  const edge = column.getBoundingClientRect();
  const isInView = (node) => {
    const { top, bottom } = node.getBoundingClientRect();
    return bottom > edge.top + 40 && top < edge.bottom;
  };
  const current = column.querySelector("[data-question][aria-current]:not([aria-busy])");
  if (current && isInView(current)) return current;
  return [...column.querySelectorAll("[data-question]:not([hidden], [aria-busy])")].find(isInView);
}

/** Puts a node before another one; the focus stays in it. */
export function insert(list, node, before) {
  if (before === node || (node.parentElement === list && node.nextElementSibling === before)) return;
  if (list.moveBefore && node.isConnected) return list.moveBefore(node, before);
  const active = document.activeElement;
  list.insertBefore(node, before);
  if (node.contains(active) && document.activeElement !== active) active.focus({ preventScroll: true });
}
