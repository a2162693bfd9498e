import { clock, count } from "../live/words.js";

const TICK = 1000;

/** The time of day, how much of the session is left, and how many hands are up, for the speaker. */
export function keepTime(place, store) {
  if (!place) return;
  const write = (name, text) => {
    const found = place.querySelector(`[data-${name}]`);
    if (found.textContent !== text) found.textContent = text;
  };
  const tick = () => {
    const now = Date.now() + store.ahead;
    write("time", clock(now));
    if (store.session?.starts_at) {
      const [starts, ends] = [Date.parse(store.session.starts_at), Date.parse(store.session.ends_at)];
      write("remaining", remainder(now, starts, ends));
      place.classList.toggle("late", now >= ends);
    }
  };
  const showHands = () => write("hands", store.handsUp ? count("hands", store.handsUp) : "");
  store.addEventListener("all", tick);
  store.addEventListener("hands", showHands);
  setInterval(tick, TICK);
}

function remainder(now, starts, ends) {
  const minutes = (span) => Math.ceil(span / 60_000);
  if (now < starts) return count("starts_in", minutes(starts - now));
  return now < ends ? count("remaining", minutes(ends - now)) : count("past", Math.floor((now - ends) / 60_000));
}
