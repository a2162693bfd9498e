import { part } from "./parts.js";
import { words } from "./words.js";

const SHOWN_FOR = 2500;

/** The link of each question is copied, where the browser lets us; elsewhere it leads there, and the address has it. */
export function copyLinks(root, announcer) {
  root.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-link]");
    if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
      confirm(link);
      announcer.say(words.link_copied);
    } catch {
      location.hash = link.hash;
    }
  });
}

function confirm(link) {
  const word = part(link, "link-word");
  word.textContent = words.copied;
  word.classList.remove("hidden");
  setTimeout(() => {
    word.textContent = words.link_word;
    word.classList.add("hidden");
  }, SHOWN_FOR);
}
