/** The field with the colour's digits and the picker always say the same. */
export function pickColour(picker) {
  const field = document.getElementById(picker.dataset.picks);
  picker.addEventListener("input", () => {
    field.value = picker.value.toUpperCase();
  });
  field.addEventListener("input", () => {
    const found = /^#?([0-9a-f]{6})$/i.exec(field.value.trim());
    if (found) picker.value = "#" + found[1].toLowerCase();
  });
}
