import { clock, count, fill, words } from "../live/words.js";

const dayFormat = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: words.zone });
const fieldFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: words.zone });

/** A time as fields of forms want it: 09:30. */
export function fieldTime(moment) {
  return fieldFormat.format(moment);
}

/** "10.00–10.45" */
export function span({ start, minutes }) {
  return `${clock(new Date(start))}–${clock(new Date(start + minutes * 60000))}`;
}

/** A stage's name; "No stage" where there is none. */
export function stageName(day, slug) {
  return day.stages.find((stage) => stage.slug === slug)?.name ?? words.no_stage;
}

/** "10.00–10.45, Main stage"; of another day with its name before. */
export function where(day, placement, own = day.day) {
  if (placement.start === null) return words.tray;
  const name = own === day.day ? "" : day.days.find(({ date }) => date === own)?.name ?? dayFormat.format(placement.start);
  return [name, span(placement), stageName(day, placement.stage)].filter(Boolean).join(", ");
}

export function length(minutes) {
  return count("minutes", minutes);
}

/** "“Opening”, 10.05–10.50, Main stage. Overlaps with “Panel”." */
export function standing(store, code) {
  const { title } = store.sessions.get(code);
  const titles = store.overlapping(code).map((other) => fill(words.quoted, { title: store.sessions.get(other).title }));
  const said = fill(words.at, { title, where: where(store.day, store.placement(code)) });
  return titles.length ? `${said} ${fill(words.overlaps, { titles: titles.join(", ") })}` : said;
}
