import { words } from "./words.js";

const PATIENCE = 600;

/** The connection in words, and what went wrong with something sent. Nothing is said of a break too short to notice. */
export function showConnection(connection, announcer) {
  const line = document.querySelector("[data-line]");
  const text = line.querySelector("[data-line-text]");
  const reload = line.querySelector("[data-reload]");
  let timer = 0;
  let shown = false;

  const show = (message, help) => {
    shown = true;
    text.textContent = message;
    reload.hidden = !help;
    line.hidden = false;
    announcer.say(message);
  };
  connection.addEventListener("state", ({ detail: state }) => {
    clearTimeout(timer);
    if (state === "open") {
      if (shown) announcer.say(words.back);
      shown = false;
      line.hidden = true;
    } else if (state === "refused") show(whyRefused(connection.refusedWith), true);
    else if (state === "struggling") show(words.struggling, true);
    else timer = setTimeout(() => show(words.lost, false), PATIENCE);
  });
  return {
    /** An error that belongs to no field; it goes with the next success. */
    wrong(message) {
      show(message, false);
      shown = false;
    },
    clear() {
      if (connection.state === "open") line.hidden = true;
    },
  };
}

function whyRefused(code) {
  if (code === 4429) return words.too_many;
  return code === 4403 ? (words.removed ?? words.out) : words.out;
}
