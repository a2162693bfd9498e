/** A long list of sessions to tick: finds those with some words, in any order and with or without accents, and says how
 * many are ticked. What is ticked stays in view. */
export function useSessionChoice(root) {
  const find = root.querySelector("[data-find]");
  if (!find) return;
  const input = find.querySelector("input");
  const chosen = root.querySelector("[data-chosen]");
  const sessions = [...root.querySelectorAll("[data-session]")].map((node) => ({ node, box: node.querySelector("input"), words: folded(node.textContent) }));
  find.hidden = chosen.hidden = false;

  const count = () => {
    const words = chosen.dataset.words.replace("{n}", sessions.filter(({ box }) => box.checked).length);
    if (chosen.textContent !== words) chosen.textContent = words;
  };
  const show = () => {
    const wanted = folded(input.value).split(" ").filter(Boolean);
    for (const { node, box, words } of sessions) node.hidden = !box.checked && !wanted.every((word) => words.includes(word));
    for (const day of root.querySelectorAll("[data-day]")) day.hidden = !day.querySelector("[data-session]:not([hidden])");
    root.querySelector("[data-nothing]").hidden = sessions.some(({ node }) => !node.hidden);
  };
  input.addEventListener("input", show);
  // Enter looks; it must not send the form.
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  root.addEventListener("change", count);
  count();
}

function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}
