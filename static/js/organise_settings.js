import { addRows } from "./organise/add_rows.js";
import { pickColour } from "./organise/pick_colour.js";
import { showWith } from "./organise/show_with.js";
import { suggestSlug } from "./organise/suggest_slug.js";

for (const rows of document.querySelectorAll("[data-rows]")) addRows(rows);
for (const picker of document.querySelectorAll("[data-picks]")) pickColour(picker);
for (const part of document.querySelectorAll("[data-with]")) showWith(part);
for (const form of document.querySelectorAll("[data-slug-from]")) suggestSlug(form, form.dataset.slugFrom);
