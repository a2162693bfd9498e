/**
 * Does something that moves what stands in a scroller, and scrolls so that it stays where it was. Browsers do that
 * themselves (scroll anchoring), but not at the very top, and not where the scroller itself moves.
 */
export function holding(scroller, change) {
  const section = scroller.querySelector("section:not([hidden])");
  const first = section?.querySelector("li");
  const before = first?.getBoundingClientRect().top;
  const isRead = scroller.scrollTop === 0 && scroller.matches(":hover, :focus-within");
  change();
  if (!first?.isConnected || !isRead) return;
  const moved = first.getBoundingClientRect().top - before;
  // A short list has nothing to scroll: it gets as much.
  section.style.minHeight = moved > 0 ? `${scroller.clientHeight + moved}px` : "";
  scroller.scrollTop += moved;
}

/** Whether a list is at its top and nobody is in it: then something new may come in. */
export function isAtRest(list, player) {
  if (list.contains(document.activeElement)) return false;
  if (matchMedia("(hover: hover)").matches && list.matches(":hover")) return false;
  // On a phone the page scrolls under the picture; on a wide screen the list does.
  const sticky = player && getComputedStyle(player).position === "sticky" ? player.getBoundingClientRect().bottom : 0;
  const edge = Math.max(0, sticky, sticky ? 0 : list.closest("[data-scroller]").getBoundingClientRect().top);
  return list.parentElement.getBoundingClientRect().top >= edge - 4;
}

/** What appears above a scroller takes its room from it: what is read in it stays. */
export function holdBelow(above, scroller) {
  const anchors = CSS.supports("overflow-anchor", "auto");
  let height = above.offsetHeight;
  new ResizeObserver(() => {
    const grown = above.offsetHeight - height;
    height += grown;
    if (scroller.scrollTop > 0) scroller.scrollTop += grown;
    else if (!anchors && above.getBoundingClientRect().bottom < 0) scrollBy(0, grown);
  }).observe(above);
}
