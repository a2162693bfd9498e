import { part } from "../live/parts.js";
import { fill, words } from "../live/words.js";

const PAUSE = 300;

/** Which question each moderator looks at: told to the others, and shown on the items. What gets lost is told anew. */
export function useLooking({ connection, store, columns, selection }) {
  let timer = 0;
  let told = null;
  const tell = () => {
    timer = 0;
    if (connection.state !== "open" || selection.id === told) return;
    told = selection.id;
    connection.tell("look", { question: told });
  };
  selection.addEventListener("change", () => { timer ||= setTimeout(tell, PAUSE); });
  connection.addEventListener("state", ({ detail }) => {
    told = null;
    if (detail === "open") timer ||= setTimeout(tell, PAUSE);
  });

  let shown = new Set();
  const show = () => {
    const names = new Map();
    for (const { id, name, question } of store.desk) {
      if (question && id !== store.you?.id) names.set(question, [...(names.get(question) ?? []), name]);
    }
    for (const id of new Set([...shown, ...names.keys()])) {
      const node = columns.node(id);
      if (!node) continue;
      const here = part(node, "here");
      const text = names.has(id) ? fill(words.looks, { name: names.get(id).join(", ") }) : "";
      if (here.textContent !== text) Object.assign(here, { textContent: text, hidden: !text });
    }
    shown = new Set(names.keys());
  };
  store.addEventListener("desk", show);
  store.addEventListener("question", show);
}
