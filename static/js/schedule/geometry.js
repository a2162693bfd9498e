/** Side by side what overlaps: for each of these {code, start, end} its column, and how many its neighbours take. */
export function sideBySide(items) {
  const found = new Map();
  let group = [];
  let until = -Infinity;
  const close = () => {
    const columns = Math.max(...group.map(({ code }) => found.get(code).column)) + 1;
    for (const { code } of group) found.get(code).columns = columns;
  };
  for (const item of [...items].sort((one, other) => one.start - other.start || other.end - one.end)) {
    if (item.start >= until && group.length) {
      close();
      group = [];
    }
    const taken = group.filter(({ end }) => end > item.start).map(({ code }) => found.get(code).column);
    let column = 0;
    while (taken.includes(column)) column += 1;
    found.set(item.code, { column, columns: 1 });
    group.push(item);
    until = Math.max(until, item.end);
  }
  if (group.length) close();
  return found;
}

/** The nearest step of so many minutes, counted from a moment. */
export function snapped(moment, from, minutes) {
  const step = minutes * 60000;
  return from + Math.round((moment - from) / step) * step;
}

/** Where something of that length first fits on a stage, from when it opens; at its end where nothing is free. */
export function firstFree(taken, opens, minutes) {
  let at = opens;
  for (const { start, end } of [...taken].sort((one, other) => one.start - other.start)) {
    if (start - at >= minutes * 60000) break;
    at = Math.max(at, end);
  }
  return at;
}
