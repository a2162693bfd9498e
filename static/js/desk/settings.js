import { cloned, showIf } from "../live/parts.js";
import { fill, words } from "../live/words.js";

/** What holds in the room, and what is on the wall: pressed here, told to everybody. */
export function useSettings({ root, connection, store, outbox, bar }) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!connection.works || !form.matches("[data-session]")) return;
    event.preventDefault();
    outbox.add("session", fieldsOf(form, event.submitter));
  });
  outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
    if (item.type !== "session") return;
    if (answer.type === "error") bar.wrong(answer.message);
    else bar.say(words.did.session);
  });

  const show = () => {
    const { session, you } = store;
    for (const subject of ["state", "questions", "moderation", "voting"]) showIf(subject, session[subject]);
    showIf("held", String(Boolean(session.held)));
    const had = document.activeElement?.closest("[data-if^='lead:']");
    showIf("lead", !session.lead ? "none" : session.lead.id === you.id ? "me" : "other");
    if (had?.hidden) had.closest("form").querySelector("button:not([hidden])")?.focus();
    const { show: shown = "question", poll } = session.wall ?? {};
    const now = { ...session, stream: session.source ?? "main", wall: shown === "poll" ? `poll:${poll}` : shown, slow: session.slow ?? 0 };
    for (const button of root.querySelectorAll("[data-set]")) {
      const [subject, ...value] = button.dataset.set.split(":");
      button.setAttribute("aria-pressed", String(String(now[subject]) === value.join(":")));
    }
    const address = root.querySelector("#stream");
    if (address !== document.activeElement) address.value = (session.source === "other" && session.stream?.url) || "";
  };
  const showPolls = () => {
    const place = root.querySelector("[data-wall-polls]");
    const polls = [...store.polls.values()].filter(({ state }) => state !== "draft");
    const had = place.contains(document.activeElement) ? document.activeElement.value : null;
    place.replaceChildren(...polls.map((poll) => {
      const node = cloned("wall-poll", poll.id);
      node.querySelector("span").textContent = fill(words.poll_on_wall, poll);
      return node;
    }));
    if (had) [...place.children].find(({ value }) => value === had)?.focus();
    show();
  };
  store.addEventListener("all", showPolls);
  store.addEventListener("poll", showPolls);
  store.addEventListener("session", show);
}

function fieldsOf(form, submitter) {
  const fields = Object.fromEntries(new FormData(form));
  if (submitter?.name) fields[submitter.name] = submitter.value;
  if ("slow" in fields) fields.slow = Number(fields.slow);
  if ("lead" in fields) fields.lead = fields.lead === "1";
  if ("wall" in fields) {
    const [show, poll] = fields.wall.split(":");
    fields.wall = poll ? { show, poll } : { show };
  }
  return fields;
}
