/**
 * Does something that moves what stands in a scroller, and scrolls so that it stays where it was. Browsers do that
 * themselves (scroll anchoring), but not at the very top, and not where the scroller itself moves.
 */
export function holding(scroller, change) {
  const first = scroller.querySelector("section:not([hidden]) li");
  const before = first?.getBoundingClientRect().top;
  const isRead = scroller.scrollTop === 0 && scroller.matches(":hover, :focus-within");
  change();
  if (first?.isConnected && isRead) scroller.scrollTop += first.getBoundingClientRect().top - before;
}

/** What appears above a scroller takes its room from it: what is read in it stays. */
export function holdBelow(above, scroller) {
  let height = above.offsetHeight;
  new ResizeObserver(() => {
    const grown = above.offsetHeight - height;
    height += grown;
    if (scroller.scrollTop > 0) scroller.scrollTop += grown;
  }).observe(above);
}
