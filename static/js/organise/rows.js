/** Buttons that ask for one more row add it here; without scripts they send the form, and the page has more of them. */
export function addRows() {
  for (const list of document.querySelectorAll("[data-rows]")) {
    const button = document.querySelector(`[data-add-row="${list.dataset.rows}"]`);
    button?.addEventListener("click", (event) => {
      event.preventDefault();
      list.append(emptied(list.lastElementChild.cloneNode(true)));
      list.lastElementChild.querySelector("input:not([type=hidden])").focus();
    });
  }
}

function emptied(row) {
  for (const input of row.querySelectorAll("input")) input.value = "";
  for (const select of row.querySelectorAll("select")) select.selectedIndex = 0;
  return row;
}
