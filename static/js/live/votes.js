/** Votes, and taking a question back: the forms of the room go by the socket once it works. */
export function takeVotes(root, { connection, outbox, store, line }) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!connection.works || !form.matches("[data-vote], [data-withdraw]")) return;
    event.preventDefault();
    const question = form.closest("[data-question]").dataset.question;
    if (form.matches("[data-withdraw]")) {
      outbox.add("withdraw", { question });
      return;
    }
    const on = !store.voted.has(question);
    store.vote(question, on);
    outbox.add("vote", { question, on });
  });

  outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
    if (item.type !== "vote" && item.type !== "withdraw") return;
    if (answer.type === "ack") return line.clear();
    if (item.type === "vote") store.vote(item.question, !item.on);
    line.wrong(answer.message);
  });

  // What a server said before it heard of the votes that are still on their way does not undo them here.
  store.addEventListener("all", () => {
    for (const item of outbox.items) if (item.type === "vote") store.vote(item.question, item.on);
  });
}
