/** Orders of questions, as the server has them: negative where `a` comes before `b`. */
export function byAge(a, b) {
  return compared([[Date.parse(a.asked_at), Date.parse(b.asked_at)], [a.id, b.id]]);
}

export function byVotes(a, b) {
  return compared([[!a.pinned, !b.pinned], [-a.votes, -b.votes]]) || byAge(a, b);
}

export function byHand(a, b) {
  const rankless = (question) => question.rank === null || question.rank === undefined;
  return compared([[rankless(a), rankless(b)], [a.rank ?? 0, b.rank ?? 0]]) || byVotes(a, b);
}

function compared(pairs) {
  const [left, right] = pairs.find(([one, other]) => one !== other) ?? [0, 0];
  return left < right ? -1 : left > right ? 1 : 0;
}
