// As in summit/core/linking.py.
const ADDRESS = /https?:\/\/(?:\([^\s<>"()]*\)|[^\s<>"()])*(?:\([^\s<>"()]*\)|[^\s<>"().,;:!?'’”»…\]])/gi;

/** Plain text as nodes, with links where it holds web addresses. */
export function linked(text) {
  const nodes = [];
  let at = 0;
  for (const { 0: href, index } of text.matchAll(ADDRESS)) {
    const looks = { href, rel: "external noopener", target: "_blank", textContent: href };
    nodes.push(text.slice(at, index), Object.assign(document.createElement("a"), looks));
    at = index + href.length;
  }
  return [...nodes, text.slice(at)];
}
