/** Shows a part of a form only while the field that it belongs to says something. */
export function showWith(part) {
  const field = document.getElementById(part.dataset.with);
  const follow = () => {
    part.hidden = !field.value;
  };
  field.addEventListener("input", follow);
  follow();
}
