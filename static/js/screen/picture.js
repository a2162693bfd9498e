const TOP = 5;

/** What the wall shows, as `on_wall` on the server has it; where that is not there (yet), how to ask. */
export function onWall({ session, questions, polls }) {
  const all = [...questions.values()];
  const wall = { show: "question", ...session.wall };
  const answering = all.find(({ state }) => state === "answering") ?? null;
  const top = inOrder(all.filter(({ state }) => state === "open"), (q) => [-q.votes]).slice(0, TOP);
  const picked = inOrder(all.filter((q) => q.picked), (q) => [q.rank === null, q.rank ?? 0, !q.pinned, -q.votes]);
  const poll = wall.poll && polls.get(wall.poll)?.state !== "draft" ? polls.get(wall.poll) ?? null : null;
  const there = { question: answering, top: top.length, poll }[wall.show] ?? wall.show in { join: 1, nothing: 1 };
  return { pane: there ? wall.show : "ask", answering, top, picked, poll };
}

/** By these keys, then the oldest first. */
function inOrder(questions, keys) {
  const all = (question) => [...keys(question), Date.parse(question.asked_at), question.id];
  return questions.sort((a, b) => {
    const [left, right] = [all(a), all(b)];
    const at = left.findIndex((value, n) => value !== right[n]);
    return at < 0 ? 0 : left[at] < right[at] ? -1 : 1;
  });
}
