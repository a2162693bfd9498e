import { lineAtFoot } from "./agenda/line.js";
import { toggle } from "./agenda/saving.js";

const say = lineAtFoot();

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-agenda]");
  const button = event.submitter;
  if (!form || !button) return;
  event.preventDefault();
  toggle(form, button, say);
});
