/** Which action fits a question in which state, and where it leads; as the server's `moderating.py`. */
const FITS = {
  approve: ["waiting", "dismissed"],
  dismiss: ["waiting", "open", "answering", "answered"],
  restore: ["answering", "answered", "dismissed", "merged"],
  answer: ["open", "answered"],
  answered: ["open", "answering"],
  pin: ["waiting", "open", "answering"],
  unpin: ["waiting", "open", "answering", "answered", "dismissed"],
  pick: ["open"],
  unpick: ["open"],
  place: ["open"],
  edit: ["waiting", "open", "answering", "answered", "dismissed"],
  reply: ["open", "answering", "answered"],
  merge: ["waiting", "open"],
  label: ["waiting", "open", "answering", "answered", "dismissed", "merged"],
  note: ["waiting", "open", "answering", "answered", "dismissed", "merged"],
  asker: ["waiting", "open", "answering", "answered", "dismissed", "merged"],
};
const LEADS = { approve: "open", dismiss: "dismissed", answer: "answering", answered: "answered", reply: "answered", merge: "merged" };

export function fits(action, question) {
  if (!question || !FITS[action]?.includes(question.state)) return false;
  if (action === "pin" || action === "unpin") return question.pinned === (action === "unpin");
  if (action === "pick" || action === "unpick") return question.picked === (action === "unpick");
  return true;
}

/** The state that it is in afterwards. Put back, a merged one may wait or be open: the server knows. */
export function leadsTo(action, { state }) {
  if (action === "restore") return state === "dismissed" ? "waiting" : "open";
  return LEADS[action] ?? state;
}

/** The question as that leaves it, as far as the next key has to know. */
export function after(action, question) {
  const changed = { ...question, state: leadsTo(action, question) };
  if (action === "pin" || action === "unpin") changed.pinned = action === "pin";
  if (action === "pick" || action === "unpick") changed.picked = action === "pick";
  return changed;
}
