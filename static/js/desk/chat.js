import { clock } from "../live/words.js";

/** The moderators' own channel: what is said appears at once, and is sent by the socket once it works. */
export function useChat({ connection, store, outbox, announcer, bar }) {
  const list = document.querySelector("[data-chat]");
  const form = document.querySelector("[data-chat-form]");
  const said = ({ author, made_at, text }) => {
    const node = document.createElement("li");
    const name = Object.assign(document.createElement("strong"), { textContent: author.name });
    const time = Object.assign(document.createElement("span"), { className: "muted small", textContent: clock(new Date(made_at)) });
    node.append(name, " ", time, ` ${text}`);
    return node;
  };
  store.addEventListener("all", () => list.replaceChildren(...store.chat.map(said)));
  store.addEventListener("chat", ({ detail }) => {
    list.append(said(detail));
    if (detail.author.id !== store.you.id) announcer.say(`${detail.author.name}: ${detail.text}`);
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
