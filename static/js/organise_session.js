import { fillMinutes } from "./organise/minutes.js";
import { addRows } from "./organise/rows.js";
import { SpeakerPicker } from "./organise/speakers.js";

addRows();
fillMinutes();
for (const fieldset of document.querySelectorAll("[data-speakers]")) {
  if (fieldset.querySelector("select")) new SpeakerPicker(fieldset);
}
