import { fill, words } from "../live/words.js";
import { snapped } from "./geometry.js";
import { fieldTime, where } from "./saying.js";

/** A new session, right where there is time for it. */
export function useAdding(editor) {
  const { root, store, server, grid, selection, announcer, conflicts } = editor;
  const dialog = root.querySelector('[data-dialog="new"]');
  const form = dialog.querySelector("form");
  const wrong = dialog.querySelector('[data-part="wrong"]');
  const field = (name) => form.querySelector(`#new-${name}`);

  /** Opens the dialog, with a moment and a stage where they are known. */
  editor.add = ({ start = null, stage = "" } = {}) => {
    form.reset();
    say("");
    field("day").value = start === null ? "" : store.day.day;
    field("time").value = start === null ? "" : fieldTime(start);
    field("stage").value = stage;
    usualLength();
    dialog.showModal();
    field("title").focus();
  };

  function usualLength() {
    field("minutes").value = field("type").selectedOptions[0]?.dataset.minutes ?? "45";
  }

  function say(text) {
    wrong.textContent = text;
    wrong.hidden = !text;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const names = ["title", "type", "day", "time", "minutes", "stage"];
    const { status, body } = await server.add(Object.fromEntries(names.map((name) => [name, field(name).value])));
    if (status !== 201) {
      const [first] = body?.errors ?? [];
      say((body?.errors ?? []).map(({ detail }) => detail).join(" ") || body?.detail || words.not_saved);
      return (field(first?.field) ?? field("title")).focus();
    }
    dialog.close();
    const { code, title, start, minutes, stage, day } = body.session;
    store.take(body, code);
    selection.focus(code);
    const place = { start: start === null ? null : Date.parse(start), minutes, stage };
    announcer.say(fill(words.added, { title, where: where(store.day, place, day || store.day.day) }));
  });
  field("type").addEventListener("change", usualLength);
  form.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  root.querySelector("[data-new]").addEventListener("click", () => editor.add());
  grid.scroller.addEventListener("dblclick", (event) => {
    const lane = event.target.closest("[data-stage]");
    if (!lane || event.target.closest("[data-code]")) return;
    const { step } = store.day;
    editor.add({ start: snapped(grid.momentAt(event.clientY) - (step * 60000) / 2, grid.from, step), stage: lane.dataset.stage });
  });
  conflicts.dialog.addEventListener("kept", () => editor.refresh());
}
