/** What to look at on this day, by kind; each leads to the session that it is about. */
export function useWarnings({ root, store, selection }) {
  const panel = root.querySelector("[data-warnings]");
  const list = root.querySelector("[data-warnings-list]");
  const part = (name) => panel.querySelector(`[data-part="${name}"]`);
  let shown = "";

  store.addEventListener("change", () => {
    const { warnings } = store.day;
    const now = JSON.stringify(warnings);
    if (now === shown) return;
    shown = now;
    part("count").textContent = warnings.length;
    part("empty").hidden = warnings.length > 0;
    render(warnings);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-leads]");
    if (!button) return;
    // Once more leads to the other one.
    const codes = button.dataset.leads.split(" ").filter((code) => selection.node(code));
    const at = codes.indexOf(selection.code);
    selection.focus(codes[(at + 1) % codes.length] ?? "");
  });

  function render(warnings) {
    const closed = new Set([...list.querySelectorAll("details:not([open])")].map((one) => one.dataset.kind));
    const had = list.contains(document.activeElement) ? document.activeElement.textContent : null;
    const kinds = new Map();
    for (const warning of warnings) kinds.set(warning.kind, [...(kinds.get(warning.kind) ?? []), warning]);
    list.replaceChildren(...[...kinds].map(([kind, ones]) => group(kind, ones, !closed.has(kind))));
    if (had !== null) ([...list.querySelectorAll("button")].find((one) => one.textContent === had) ?? list.querySelector("summary"))?.focus();
  }
}

function group(kind, warnings, isOpen) {
  const node = document.createElement("details");
  node.dataset.kind = kind;
  node.open = isOpen && warnings.length <= 20;
  const summary = document.createElement("summary");
  const number = Object.assign(document.createElement("span"), { className: "count", textContent: warnings.length });
  summary.append(warnings[0].name, " ", number);
  const list = document.createElement("ul");
  list.setAttribute("role", "list");
  list.append(...warnings.map(line));
  node.append(summary, list);
  return node;
}

function line({ text, sessions }) {
  const node = document.getElementById("warning").content.firstElementChild.cloneNode(true);
  const button = node.querySelector("button");
  button.textContent = text;
  button.dataset.leads = sessions.join(" ");
  return node;
}
