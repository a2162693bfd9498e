import { cloned, write } from "../live/parts.js";
import { clock, fill, words } from "../live/words.js";

/** The moderators' own channel: read aloud politely, and counted while it is not open. */
export function useChat({ root, connection, store, outbox, announcer, panels, bar }) {
  const list = root.querySelector("[data-chat]");
  const form = root.querySelector("[data-chat-form]");
  const badge = root.querySelector("[data-badge=chat]");
  const panel = panels.panel("chat");
  let unread = 0;

  form.elements.text.setAttribute("data-first", "");
  const showUnread = (n) => {
    unread = n;
    Object.assign(badge, { textContent: n, hidden: !n });
  };
  const toEnd = () => { list.scrollTop = list.scrollHeight; };
  store.addEventListener("all", () => {
    const known = new Set([...list.children].map((node) => node.dataset.said));
    const isBack = [...known].some(Boolean);
    if (isBack) showUnread(unread + store.chat.filter(({ id, author }) => !known.has(id) && author.id !== store.you.id).length);
    list.replaceChildren(...store.chat.map(made));
    if (panels.name === "chat") showUnread(0);
    toEnd();
  });
  store.addEventListener("chat", ({ detail }) => {
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 40;
    list.append(made(detail));
    if (atEnd || detail.author.id === store.you.id) toEnd();
    if (detail.author.id === store.you.id) return;
    if (panel.hidden) showUnread(unread + 1);
    announcer.say(fill(words.chat, { name: detail.author.name, text: detail.text }));
  });
  panels.addEventListener("open", ({ detail: { name } }) => {
    if (name !== "chat") return;
    showUnread(0);
    toEnd();
  });

  form.addEventListener("submit", (event) => {
    if (!connection.works) return;
    event.preventDefault();
    const { text } = form.elements;
    if (text.value.trim()) outbox.add("chat", { text: text.value });
    text.value = "";
  });
  outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
    if (item.type !== "chat" || answer.type === "ack") return;
    form.elements.text.value = item.text;
    bar.wrong(answer.message);
  });
}

function made({ id, author, made_at, text }) {
  const node = cloned("said", id);
  node.dataset.said = id;
  write(node, "name", author.name);
  write(node, "made", clock(new Date(made_at)));
  write(node, "text", text);
  return node;
}
