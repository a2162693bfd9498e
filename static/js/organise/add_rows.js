/** "Add another" puts one more empty row at the end, instead of asking the server for it. */
export function addRows(rows) {
  const button = rows.querySelector("button[name=more]");
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const all = rows.querySelectorAll(".group-fields");
    const last = all[all.length - 1];
    const row = emptied(last, all.length);
    last.after(row);
    row.querySelector("input:not([type=hidden]), select").focus();
  });
}

/** A copy of the row with the next number in all names and labels, and nothing in its fields. */
function emptied(last, number) {
  const row = last.cloneNode(true);
  for (const gone of row.querySelectorAll("img, .wrong, .choice, .logo-field > p")) gone.remove();
  for (const field of row.querySelectorAll("[name]")) {
    if (field.tagName === "SELECT") field.selectedIndex = 0;
    else field.value = "";
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  for (const part of row.querySelectorAll("[name], [id], [for]")) {
    for (const name of ["name", "id", "for"]) {
      const text = part.getAttribute(name);
      if (text) part.setAttribute(name, text.replace(/\.\d+\./, "." + number + "."));
    }
  }
  const legend = row.querySelector("legend");
  legend.textContent = numbered(legend.textContent, number + 1);
  return row;
}

function numbered(text, number) {
  return /\d+\s*$/.test(text) ? text.replace(/\d+\s*$/, String(number)) : String(number);
}
