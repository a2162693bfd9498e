/**
 * Turns links to sections into tabs (ARIA Authoring Practices, tabs with automatic activation). An address with the id
 * of a section, or of what is in one, opens its tab. Returns `show(id)`, which brings a section forward by its id.
 */
export function makeTabs(bar) {
  const tabs = [...bar.querySelectorAll("a")];
  const panelOf = (tab) => document.getElementById(tab.hash.slice(1));
  bar.setAttribute("role", "tablist");

  const choose = (chosen, focus) => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      panelOf(tab).hidden = tab !== chosen;
    }
    if (focus) chosen.focus();
  };
  for (const tab of tabs) {
    tab.id = `tab-${tab.hash.slice(1)}`;
    tab.removeAttribute("aria-current");
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", tab.hash.slice(1));
    panelOf(tab).setAttribute("role", "tabpanel");
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      choose(tab, true);
    });
  }
  bar.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1, " ": at }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    choose(tabs.at(to % tabs.length), true);
  });
  // A question that the list does not show yet has no element; its panel has.
  const ofAddress = () => {
    const { hash } = location;
    const there = document.getElementById(hash.startsWith("#q-") ? "questions" : hash.slice(1));
    return there && tabs.find((tab) => panelOf(tab).contains(there));
  };
  addEventListener("hashchange", () => {
    const tab = ofAddress();
    if (tab) choose(tab, false);
  });
  choose(ofAddress() ?? tabs[0], false);
  return { show: (id) => choose(tabs.find((tab) => tab.hash === `#${id}`), false) };
}
