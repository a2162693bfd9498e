/** The same orders as the server's: what is being answered first, then pinned, then by votes or the newest. */
const keys = {
  votes: (q, own) => [q.state !== "answering", !own(q), q.state === "answered", !q.pinned, -q.votes, Date.parse(q.asked_at)],
  new: (q, own) => [q.state !== "answering", !own(q), !q.pinned, -Date.parse(q.asked_at)],
  answered: (q) => [-Date.parse(q.asked_at)],
};

const isPrivate = (question) => ["waiting", "dismissed"].includes(question.state);

export function belongs(question, sort) {
  return sort === "answered" ? question.state === "answered" : true;
}

/** Negative where `a` comes before `b`. */
export function compare(a, b, sort) {
  const [left, right] = [keys[sort](a, isPrivate), keys[sort](b, isPrivate)];
  const at = left.findIndex((value, n) => value !== right[n]);
  return at < 0 ? 0 : left[at] < right[at] ? -1 : 1;
}
