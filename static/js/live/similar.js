import { fold } from "./fold.js";

const SHORTEST = 8;
const ALIKE = 0.42;

/** Those of the questions that are most like what somebody types: by words (their stems, rare ones more) and letters. */
export function similar(text, questions, most = 3) {
  if (fold(text).length < SHORTEST) return [];
  const all = questions.map((question) => ({ question, stems: stems(question.text) }));
  const weigh = weights(all.map((one) => one.stems));
  const [typed, signs] = [stems(text), trigrams(text)];
  return all
    .map(({ question, stems: there }) => {
      const alike = Math.max(overlap(typed, there, weigh), dice(signs, trigrams(question.text)));
      return { question, alike };
    })
    .filter(({ alike }) => alike >= ALIKE)
    .sort((a, b) => b.alike - a.alike || b.question.votes - a.question.votes)
    .slice(0, most)
    .map(({ question }) => question);
}

/** Words of more than three letters, without their endings. */
function stems(text) {
  const found = fold(text).match(/[\p{L}\p{N}]{4,}/gu) ?? [];
  return new Set(found.map((word) => word.slice(0, 6)));
}

/** A word that is in every question says nothing of any. */
function weights(sets) {
  const seen = new Map();
  for (const set of sets) for (const stem of set) seen.set(stem, (seen.get(stem) ?? 0) + 1);
  return (stem) => Math.log(1 + (sets.length + 1) / (seen.get(stem) ?? 0.5));
}

/** How much of the shorter one is in the other; one word alone does not make two questions alike. */
function overlap(left, right, weigh) {
  const both = [...left].filter((stem) => right.has(stem));
  if (both.length < 2) return 0;
  const weight = (stems) => [...stems].reduce((sum, stem) => sum + weigh(stem), 0);
  return weight(both) / Math.max(1, Math.min(weight(left), weight(right)));
}

function dice(left, right) {
  const both = [...left].filter((sign) => right.has(sign)).length;
  return (2 * both) / Math.max(1, left.size + right.size);
}

function trigrams(text) {
  const plain = ` ${fold(text).replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
  return new Set(Array.from({ length: Math.max(0, plain.length - 2) }, (_, at) => plain.slice(at, at + 3)));
}
