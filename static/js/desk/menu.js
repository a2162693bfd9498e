const WRITES = ["edit", "reply", "label", "note"];

/** The menu of what is done with a question less often: one for all of them, beside the button that opened it. */
export function useMenu(desk) {
  const { root, acts } = desk;
  const menu = root.querySelector("[data-menu-of-acts]");
  if (!menu.showPopover) return;
  let opener = null;
  let id = null;

  root.querySelector("[data-columns]").addEventListener("click", (event) => {
    const button = event.target.closest("[data-more]");
    if (!button || !desk.connection.works || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (opener === button && menu.matches(":popover-open")) return menu.hidePopover();
    opener = button;
    id = button.closest("[data-question]").dataset.question;
    for (const one of menu.querySelectorAll("[data-menu-act]")) one.hidden = !acts.suits(one.dataset.menuAct, id);
    menu.showPopover();
    beside(menu, button);
    menu.querySelector("button:not([hidden])")?.focus();
  });
  /** Whether it was open. */
  desk.closeMenu = () => {
    const isOpen = menu.matches(":popover-open");
    if (isOpen) menu.hidePopover();
    return isOpen;
  };
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...menu.querySelectorAll("button:not([hidden])")];
    buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length).focus();
  });
  menu.addEventListener("toggle", ({ newState }) => {
    opener?.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "closed" && (document.activeElement === document.body || menu.contains(document.activeElement))) opener?.focus();
  });
  menu.addEventListener("click", (event) => {
    const action = event.target.closest("[data-menu-act]")?.dataset.menuAct;
    if (!action) return;
    menu.hidePopover();
    if (action === "merge") desk.merge(id);
    else if (action === "asker") desk.asker(id);
    else if (WRITES.includes(action)) desk.write(action, id);
    else acts.act(action, id);
  });
}

function beside(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = menu;
  const top = at.bottom + offsetHeight + 8 > innerHeight ? at.top - offsetHeight - 4 : at.bottom + 4;
  menu.style.top = `${Math.max(8, top)}px`;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - offsetWidth - 8))}px`;
}
