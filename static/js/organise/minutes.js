/** The type of a new session sets how long it is, until somebody says otherwise. */
export function fillMinutes() {
  const type = document.querySelector("[data-sets-minutes]");
  const minutes = type && document.getElementById(type.dataset.setsMinutes);
  if (!minutes) return;
  let set = minutes.value;
  type.addEventListener("change", () => {
    if (minutes.value !== "" && minutes.value !== set) return;
    set = minutes.value = type.selectedOptions[0].dataset.minutes ?? "";
  });
}
