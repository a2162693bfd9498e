/** Shows only the questions that people of the chosen category are asked; before one is chosen, all that everybody is. */
export function askWhatFits(form) {
  if (!form) return;
  const fit = () => {
    const chosen = form.elements.category.value;
    for (const asked of form.querySelectorAll("[data-asked-of]")) {
      asked.hidden = !asked.dataset.askedOf.split(" ").includes(chosen);
    }
  };
  form.addEventListener("change", fit);
  fit();
}
