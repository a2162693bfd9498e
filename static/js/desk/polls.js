import { words } from "../live/words.js";
import { fillCounts, fillPoll, newPoll } from "./poll.js";

/** The polls on the desk: their counts live, and everything that is done with them by the socket once it works. */
export function usePolls({ root, connection, store, outbox, bar, panels }) {
  const place = root.querySelector("[data-polls]");
  const node = (id) => place.querySelector(`[data-poll="${CSS.escape(id)}"]`);
  const put = (poll) => (node(poll.id) ? fillPoll(node(poll.id), poll) : place.append(newPoll(poll)));
  const seen = (id) => (node(id).querySelector("[data-poll-edit]").elements.version.value = store.polls.get(id).version);
  const fresh = root.querySelector("[data-new-poll]");
  let awaited = null;
  /** A poll that was just made is there: whoever made it goes on with it. */
  const leadTo = (id) => {
    if (!id || !node(id)) return;
    awaited = null;
    const had = fresh.contains(document.activeElement);
    fresh.open = false;
    if (had) node(id).focus();
  };
  const countOpen = () => {
    const open = [...store.polls.values()].filter(({ state }) => state === "open").length;
    const badge = root.querySelector("[data-badge=polls]");
    Object.assign(badge, { textContent: open, hidden: !open });
  };
  store.addEventListener("all", () => {
    for (const one of [...place.children]) if (!store.polls.has(one.dataset.poll)) one.remove();
    for (const poll of store.polls.values()) put(poll);
    countOpen();
  });
  store.addEventListener("poll", ({ detail: { id } }) => {
    const poll = store.polls.get(id);
    const had = node(id)?.contains(document.activeElement);
    if (poll) put(poll);
    else node(id)?.remove();
    if (awaited === id) leadTo(id);
    if (had && !poll) panels.panel("polls").focus();
    countOpen();
  });
  store.addEventListener("results", ({ detail: { ids } }) => {
    for (const id of ids) if (node(id)) fillCounts(node(id), store.polls.get(id));
  });

  place.closest("[data-panel]").addEventListener("submit", (event) => {
    const message = connection.works && messageOf(event.target, event.submitter);
    if (!message) return;
    event.preventDefault();
    outbox.add("poll", message);
  });
  outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
    if (item.type !== "poll") return;
    if (answer.type === "error") {
      // Who has been told of the change may save over it.
      if (answer.code === "conflict" && item.action === "edit") seen(item.poll);
      return bar.wrong(answer.message);
    }
    if (item.action === "word") return;
    bar.say(words.did[item.action === "edit" ? "edited" : item.action]);
    if (item.action === "create") {
      fresh.querySelector("form").reset();
      awaited = answer.id;
      leadTo(answer.id);
    } else if (item.action === "edit") node(item.poll)?.querySelector("[data-part=edit]").removeAttribute("open");
  });
}

function messageOf(form, submitter) {
  const poll = form.closest("[data-poll]")?.dataset.poll;
  const version = Number(form.elements.version?.value);
  if (form.matches("[data-poll-acts]")) return { poll, action: submitter.value, version };
  if (form.matches("[data-poll-word]")) {
    const { word } = form.closest("[data-word]").dataset;
    return { poll, action: "word", word, on: submitter.value === "1" };
  }
  if (!form.matches("[data-poll-edit], [data-poll-new]")) return null;
  const { title, kind, choices, most, low, high } = Object.fromEntries(new FormData(form));
  const fields = { title, kind, low, high, choices: choices.split("\n").map((line) => line.trim()).filter(Boolean) };
  fields.most = most?.trim() ? Number(most) || -1 : null;
  return form.matches("[data-poll-new]") ? { action: "create", ...fields } : { action: "edit", poll, version, ...fields };
}
