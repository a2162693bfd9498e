import { count, fill, words } from "../live/words.js";
import { where } from "./saying.js";

const EVERY = 5000;

/** Shows what others do: looks every few seconds while the page is in view, and at once when it comes into view. */
export function useFollowing(editor) {
  const { root, store, server, announcer, grid, tray } = editor;
  let timer = 0;
  let isLost = false;

  editor.refresh = async () => {
    clearTimeout(timer);
    const { status, body } = await server.look();
    if (status === 200) store.take(body);
    tellConnection(status);
    clearTimeout(timer);
    timer = document.hidden ? 0 : setTimeout(editor.refresh, EVERY);
  };

  function tellConnection(status) {
    if (status === 401 || status === 403) say(words.signed_out);
    else if (status === 0 && !isLost) say(words.lost);
    else if (status && isLost) say("", words.again);
    isLost = status === 0;
  }

  function say(text, spoken = text) {
    root.querySelector("[data-saving]").textContent = text;
    announcer.say(spoken);
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) editor.refresh(); });
  window.addEventListener("focus", () => editor.refresh());
  timer = setTimeout(editor.refresh, EVERY);

  store.addEventListener("others", ({ detail: { changed, gone, before } }) => {
    for (const { code } of changed) mark(grid.block(code) ?? tray.block(code));
    if (changed.length + gone.length > 2) return announcer.tell(count("fresh", changed.length + gone.length));
    for (const session of changed) {
      const { code, title, by } = session;
      const text = stands(session) === stands(before.get(code)) ? words.theirs_changed : words.theirs;
      announcer.tell(fill(text, { name: by || words.somebody, title, where: where(store.day, store.saved(code)) }));
    }
    for (const { title } of gone) announcer.tell(fill(words.gone, { title }));
  });
}

function mark(node) {
  if (!node) return;
  node.classList.remove("news");
  requestAnimationFrame(() => node.classList.add("news"));
}

function stands(session) {
  return session && [session.start, session.minutes, session.stage].join(" ");
}
