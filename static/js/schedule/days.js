/** The days on top, with the numbers of their sessions and warnings as they are now. */
export function useDays({ root, store }) {
  store.addEventListener("change", () => {
    for (const { date, sessions, warnings } of store.day.days) {
      const link = root.querySelector(`[data-day="${date}"]`);
      if (!link) continue;
      link.querySelector('[data-part="sessions"]').lastChild.textContent = sessions;
      link.querySelector('[data-part="warnings"]').textContent = warnings;
      link.querySelector('[data-part="warned"]').hidden = !warnings;
    }
  });
}
