import { fill, words } from "../live/words.js";
import { where } from "./saying.js";

/** Asks whose placement is to stand, where two have moved the same session. */
export function useConflicts({ root, store, announcer }) {
  const dialog = root.querySelector('[data-dialog="conflict"]');
  const write = (name, text) => { dialog.querySelector(`[data-part="${name}"]`).textContent = text; };

  /** Gives whether mine is to be put in place of theirs. */
  async function ask({ by, ago, theirs }, mine) {
    const { start, minutes, stage, day, title } = theirs;
    const there = where(store.day, { start: start === null ? null : Date.parse(start), minutes, stage }, day || store.day.day);
    write("title", fill(words.quoted, { title }));
    write("theirs", fill(words.conflict, { name: by || words.somebody, where: there, ago }));
    write("mine", fill(words.mine, { where: where(store.day, mine) }));
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => { dialog.addEventListener("close", resolve, { once: true }); });
    if (dialog.returnValue === "mine") return true;
    announcer.say(fill(words.kept, { where: there }));
    dialog.dispatchEvent(new CustomEvent("kept"));
    return false;
  }

  return { ask, dialog };
}
