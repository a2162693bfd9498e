import { words } from "../live/words.js";
import { fieldTime } from "./saying.js";

/** The fields of the session in hand: everything that dragging does, with plain fields (WCAG 2.2 SC 2.5.7). */
export function useInspector(editor) {
  const { root, store, selection, moves } = editor;
  const form = root.querySelector("[data-inspector]");
  const part = (name) => form.querySelector(`[data-part="${name}"]`);
  let shown = "";

  function render() {
    const { code } = selection;
    form.hidden = !code;
    if (!code) return;
    const session = store.sessions.get(code);
    part("title").textContent = session.title;
    form.querySelector("[data-edit]").href = `${root.dataset.sessions}/${code}`;
    form.querySelector("[data-to-tray]").disabled = store.placement(code).start === null;
    part("warnings").replaceChildren(...store.warningsOf(code).map(warningLine));
    fillFields(code);
  }

  /** What is being typed stays, as long as it is the same session that stays where it was. */
  function fillFields(code) {
    const { start, minutes, stage } = store.placement(code);
    const now = JSON.stringify([code, start, minutes, stage]);
    if (now === shown) return;
    shown = now;
    say("");
    const { day, time, minutes: length, stage: place } = form.elements;
    day.value = start === null ? "" : store.day.day;
    time.value = start === null ? "" : fieldTime(start);
    length.value = minutes;
    place.value = stage;
  }

  function say(text) {
    part("wrong").textContent = text;
    part("wrong").hidden = !text;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { code } = selection;
    const { day, time, minutes, stage } = form.elements;
    const fields = { day: day.value, time: time.value, minutes: minutes.value, stage: stage.value };
    const answer = await moves.moveByFields(code, fields);
    if (answer.status === 200) return;
    if (answer.status === 409) {
      const { start, minutes: length, stage: place } = { ...store.placement(code), ...yours(answer.body.yours) };
      if (!await editor.conflicts.ask(answer.body, { start, minutes: length, stage: place })) return editor.refresh();
      store.sessions.get(code).revision = answer.body.revision;
      return form.requestSubmit();
    }
    const wrong = answer.body?.errors ?? [];
    say(wrong.map(({ detail }) => detail).join(" ") || answer.body?.detail || words.not_saved);
    (form.elements[wrong[0]?.field] ?? time).focus();
  });
  // Choosing a day for what waits in the tray needs a time beside it: when the day opens.
  form.elements.day.addEventListener("change", ({ target }) => {
    if (target.value && !form.elements.time.value) form.elements.time.value = fieldTime(Date.parse(store.day.opens));
  });
  form.querySelector("[data-to-tray]").addEventListener("click", () => {
    moves.move(selection.code, { ...store.placement(selection.code), start: null });
  });
  form.querySelector("[data-close-inspector]").addEventListener("click", () => close());
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  root.addEventListener("click", (event) => { if (event.target.closest("[data-code]")) form.classList.add("wanted"); });

  function close() {
    form.classList.remove("wanted");
    selection.focus(selection.code);
  }

  editor.inspect = () => {
    form.classList.add("wanted");
    form.elements.time.focus();
  };
  selection.addEventListener("change", render);
  store.addEventListener("change", render);
}

function yours({ start, minutes, stage }) {
  const found = {};
  if (start !== undefined) found.start = start === null ? null : Date.parse(start);
  if (minutes !== undefined) found.minutes = minutes;
  if (stage !== undefined) found.stage = stage;
  return found;
}

function warningLine({ text }) {
  const node = document.getElementById("warning-line").content.firstElementChild.cloneNode(true);
  node.querySelector("span").textContent = text;
  return node;
}
