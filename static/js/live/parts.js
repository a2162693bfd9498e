/** Fills markup that the server wrote once and scripts clone: its `{id}`, its `data-part`s, its `data-in` states. */
export function cloned(name, id) {
  const node = document.getElementById(name).content.firstElementChild.cloneNode(true);
  for (const element of [node, ...node.querySelectorAll("*")]) {
    for (const attribute of element.attributes) {
      if (attribute.value.includes("{id}")) attribute.value = attribute.value.replaceAll("{id}", id);
    }
  }
  return node;
}

export function part(node, name) {
  return node.querySelector(`[data-part="${name}"]`);
}

/** A part with no text is not shown. Nothing is written that is there already, so that a selection stays. */
export function write(node, name, text, shown = Boolean(text)) {
  const found = part(node, name);
  if (!found) return;
  if (found.textContent !== String(text)) found.textContent = text;
  found.hidden = !shown;
}

export function showPart(node, name, shown) {
  const found = part(node, name);
  if (found) found.hidden = !shown;
}

/** Shows what belongs to a state, as the `data-in` of each element says. */
export function showFor(node, state, except = () => false) {
  for (const element of node.querySelectorAll("[data-in]")) {
    element.hidden = except(element) || !element.dataset.in.split(" ").includes(state);
  }
}

export function writeLabels(node, labels) {
  const found = part(node, "labels");
  if (!found) return;
  const label = (text) => Object.assign(document.createElement("span"), { className: "label", textContent: text });
  found.replaceChildren(...labels.map(label));
  found.hidden = !labels.length;
}

/** Elements of the page that depend on the room: `data-if="state:live break"`. */
export function showIf(subject, value) {
  for (const element of document.querySelectorAll(`[data-if^="${subject}:"]`)) {
    element.hidden = !element.dataset.if.slice(subject.length + 1).split(" ").includes(value);
  }
}
