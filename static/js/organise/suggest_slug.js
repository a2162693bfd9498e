/** Suggests the address while the name is typed, until somebody writes an address of their own. */
export function suggestSlug(form, start) {
  const slug = form.querySelector("[name=slug]");
  const names = [...form.querySelectorAll("input")].filter((field) => field.name.startsWith(start));
  const suggestion = () => slugOf(names.map((field) => field.value.trim()).find(Boolean) || "");
  let own = slug.value !== "" && slug.value !== suggestion();
  slug.addEventListener("input", () => {
    own = slug.value !== "";
  });
  for (const field of names) {
    field.addEventListener("input", () => {
      if (!own) slug.value = suggestion();
    });
  }
}

function slugOf(text) {
  const plain = text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const latin = plain.replace(/ß/g, "ss").replace(/æ/g, "ae").replace(/ø/g, "o");
  return latin.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 48).replace(/-+$/, "");
}
