const WIDEST = [[60, "short"], [130, "medium"], [260, "long"], [520, "longer"]];
// Letters as wide as high: East Asian ones and pictures. The server (walls.py) has the same.
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\u{1f000}-\u{3ffff}]/gu;

const [LINE, ROOM] = [42, 32];

/** How large a text may be written so that all of it is on the wall: a class of css/64-wall.css, nothing is measured. */
export function sizeOf(text) {
  const width = [...text].length + (text.match(WIDE) ?? []).length;
  return WIDEST.find(([most]) => width <= most)?.[1] ?? "longest";
}

/** How much room there is for each choice of a poll. */
export function crowdOf({ choices }) {
  const lines = choices.reduce((sum, { label }) => sum + 1 + Math.floor([...label].length / LINE), 0);
  if (3.4 * lines + 2.3 * choices.length <= ROOM) return "few";
  return choices.length <= 6 ? "many" : "most";
}
