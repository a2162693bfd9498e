import { cloned, write } from "./parts.js";
import { arrange, placed } from "./ranking.js";

/** The fields in which a poll is answered, empty. */
export function newFields(poll) {
  if (poll.kind === "words") {
    return Array.from({ length: poll.most }, (_, at) => {
      const field = cloned("poll-words", `${poll.id}-${at + 1}`);
      write(field, "number", at + 1);
      return field;
    });
  }
  return poll.choices.map(({ id, label }) => {
    const field = cloned(`poll-${poll.kind}`, id);
    write(field, "label", label);
    for (const option of [...field.querySelectorAll("option")]) if (option.value > poll.choices.length) option.remove();
    return field;
  });
}

/** Puts a ballot into the fields: ids of choices, in order in a ranking; or words. */
export function choose(place, { kind }, ballot) {
  if (kind === "ranking") return arrange(place, ballot);
  [...place.querySelectorAll("input")].forEach((input, at) => {
    if (kind === "words") input.value = ballot[at] ?? "";
    else input.checked = ballot.includes(input.value);
  });
}

/** Whether somebody has chosen or typed something since the page came. */
export function isTouched(place) {
  const changed = ({ value, defaultValue, checked, defaultChecked }) => value !== defaultValue || checked !== defaultChecked;
  const preset = (select) => Math.max(0, [...select.options].findIndex(({ defaultSelected }) => defaultSelected));
  return [...place.querySelectorAll("input")].some(changed)
    || [...place.querySelectorAll("select")].some((select) => select.selectedIndex !== preset(select));
}

/** What stands in the fields, as it is. */
export function typed(place, { kind }) {
  if (kind === "ranking") return placed(place);
  const inputs = [...place.querySelectorAll("input")];
  return inputs.filter(({ checked }) => kind === "words" || checked).map(({ value }) => value);
}

/** What stands in the fields, as a ballot. */
export function chosen(place, poll) {
  return typed(place, poll).map((value) => value.trim()).filter(Boolean);
}
