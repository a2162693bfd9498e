import { count, words } from "../words.js";

const MINUTE = 60_000;

/** Keeps "Starts in 12 minutes" true. Nobody is told of it each minute. */
export function keepCountdown(element, store) {
  if (!element) return;
  const show = () => {
    const start = Date.parse(store.session?.starts_at ?? element.dateTime);
    const text = inWords(Math.max(0, Math.ceil((start - Date.now() - store.ahead) / MINUTE)));
    if (element.textContent !== text) element.textContent = text;
  };
  setInterval(show, 5000);
  store.addEventListener("session", show);
  store.addEventListener("all", show);
}

function inWords(minutes) {
  if (minutes === 0) return words.any_moment;
  if (minutes < 90) return count("in_minutes", minutes);
  if (minutes < 2880) return count("in_hours", Math.round(minutes / 60));
  return count("in_days", Math.round(minutes / 1440));
}
