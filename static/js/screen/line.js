import { words } from "../live/words.js";

const PATIENCE = 2000;
const LOOK = 15_000;
const NOT_FOR_US = [401, 403, 404];

/** The connection as a word in a corner: what is on the wall stays there. Whoever may not look any more sees nothing. */
export function watchLine(root, connection) {
  const line = root.querySelector("[data-line]");
  let [waiting, looking] = [0, 0];

  const say = (text) => {
    line.querySelector("[data-line-text]").textContent = text;
    line.hidden = false;
  };
  const end = () => {
    root.classList.add("out");
    say(words.out);
  };
  connection.addEventListener("state", ({ detail: state }) => {
    clearTimeout(waiting);
    clearInterval(looking);
    if (state === "open") {
      line.hidden = true;
      root.classList.remove("out");
    } else if (state === "refused") end();
    else if (line.hidden) waiting = setTimeout(() => say(words.lost), PATIENCE);
    if (state !== "struggling") return;
    // To a page, a refused handshake looks like a server that is away.
    const look = async () => !(await mayStillLook()) && end();
    look();
    looking = setInterval(look, LOOK);
  });
}

async function mayStillLook() {
  try {
    const { status, redirected } = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    return !NOT_FOR_US.includes(status) && !redirected;
  } catch {
    return true;
  }
}
