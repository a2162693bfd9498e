/** The same orders as the server's: what is being answered first, then pinned, then by votes or the newest. */
const keys = {
  votes: (q) => [...rank(q), q.state === "answered", !q.pinned, -q.votes, Date.parse(q.asked_at)],
  new: (q) => [...rank(q), !q.pinned, -Date.parse(q.asked_at)],
  answered: (q) => [-Date.parse(q.asked_at)],
  mine: (q) => [-Date.parse(q.asked_at)],
};

/** One's own that nobody else sees stand right below what is being answered. */
const rank = (question) => [question.state !== "answering", !["waiting", "dismissed"].includes(question.state)];

/** Whether it is listed there. What was withdrawn or merged is listed among one's own alone. */
export function belongs(question, sort, own) {
  if (sort === "mine") return own;
  if (sort === "answered") return question.state === "answered";
  return !["withdrawn", "merged"].includes(question.state);
}

/** Negative where `a` comes before `b`. */
export function compare(a, b, sort) {
  const [left, right] = [keys[sort](a), keys[sort](b)];
  const at = left.findIndex((value, n) => value !== right[n]);
  return at < 0 ? 0 : left[at] < right[at] ? -1 : 1;
}
