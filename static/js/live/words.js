const blocks = [...document.querySelectorAll("#words, #stage-words")];

/** The page's words in the reader's language, from the data blocks that the templates wrote. */
export const words = Object.assign({}, ...blocks.map((block) => JSON.parse(block.textContent)));

const plural = new Intl.PluralRules(words.locale);
const clockFormat = new Intl.DateTimeFormat(words.locale, {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: words.zone,
});

/** "3 new questions": the form that suits the number, filled in. `name` may also be the forms themselves. */
export function count(name, n) {
  const forms = words[name] ?? name;
  return fill(forms[plural.select(n)] ?? forms.other, { num: n });
}

/** Puts values in place of their `%(name)s`. */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (whole, key) => values[key] ?? whole);
}

/** The time of day in the summit's zone: 09.30 in Swedish, 09:30 in English. */
export function clock(moment) {
  const text = clockFormat.format(moment);
  return words.locale === "sv" ? text.replace(":", ".") : text;
}
