import { cloned, part, showPart, write } from "./parts.js";
import { count, fill, words } from "./words.js";

/** Writes what a poll has come to into its markup: a table whose rows are bars, or a cloud of words. */
export function fillResults(node, poll, counts, own = []) {
  const isCloud = poll.kind === "words";
  showPart(node, "table", !isCloud);
  showPart(node, "cloud", isCloud);
  if (isCloud) fillCloud(part(node, "cloud"), poll, counts, own);
  else fillTable(part(node, "table"), poll, counts, own);
  write(node, "average", poll.kind === "scale" ? average(poll, counts) : "");
  showPart(node, "nobody", !poll.voters);
}

function fillTable(table, poll, counts, own) {
  const isRanking = poll.kind === "ranking";
  write(table, "count-of", words.poll.count[poll.kind] ?? words.poll.count[""]);
  showPart(table, "share-of", !isRanking);
  const body = table.tBodies[0];
  const choices = isRanking ? bestFirst(poll.choices, counts) : poll.choices;
  const rows = children(body, choices.map(({ id }) => id), "poll-row");
  const most = (poll.voters ?? 0) * (isRanking ? poll.choices.length : 1);
  choices.forEach((choice, at) => {
    const row = rows[at];
    const n = counts[choice.id] ?? 0;
    const share = most ? Math.min(100, (100 * n) / most) : 0;
    write(row, "label", choice.label);
    write(row, "means", meaning(poll, at));
    showPart(row, "own", own.includes(choice.id));
    write(row, "count", n, true);
    write(row, "share", fill(words.poll.share, { num: Math.round(share) }), !isRanking);
    part(row, "bar").setAttribute("width", share.toFixed(1));
  });
}

/** By their counts; what has equally many stays in its order. */
function bestFirst(choices, counts) {
  return [...choices].sort((a, b) => (counts[b.id] ?? 0) - (counts[a.id] ?? 0));
}

/** Words by how often they came; those that came equally often stay in the order in which they came. */
function fillCloud(cloud, poll, counts, own) {
  const known = bestFirst(poll.choices.filter(({ id }) => counts[id]), counts);
  const most = known.length ? counts[known[0].id] : 1;
  const nodes = children(cloud, known.map(({ id }) => id), "poll-word");
  known.forEach(({ id, label }, at) => {
    const node = nodes[at];
    node.className = `size-${Math.max(1, Math.ceil((5 * counts[id]) / most))}`;
    node.hidden = false;
    write(node, "label", label);
    write(node, "count", counts[id], true);
    showPart(node, "own", own.includes(label));
  });
}

/** The children with these ids, in this order; those that are there stay what they are. */
function children(parent, ids, template) {
  const there = new Map([...parent.children].map((node) => [node.dataset.choice, node]));
  const nodes = ids.map((id) => there.get(id) ?? cloned(template, id));
  if (nodes.length !== parent.children.length || nodes.some((node, at) => node !== parent.children[at])) parent.replaceChildren(...nodes);
  return nodes;
}

/** What the ends of a scale mean. */
function meaning({ kind, choices, low, high }, at) {
  if (kind !== "scale") return "";
  return (at === 0 ? low : at === choices.length - 1 ? high : "") ?? "";
}

function average({ choices }, counts) {
  if (!choices.every(({ label }) => /^\d+$/.test(label))) return "";
  const people = choices.reduce((sum, { id }) => sum + (counts[id] ?? 0), 0);
  if (!people) return "";
  const mean = choices.reduce((sum, { id, label }) => sum + Number(label) * (counts[id] ?? 0), 0) / people;
  return fill(words.poll.average, { number: mean.toFixed(1).replace(".", words.locale === "sv" ? "," : ".") });
}
