const EVERY = 15_000;

/** Looks again now and then at how it is on the desks; but nothing changes under somebody's focus. */
const root = document.querySelector("[data-desks]");

async function lookAgain() {
  const there = root.querySelector("[data-fresh]");
  if (document.hidden || there.contains(document.activeElement)) return;
  const answer = await fetch(root.dataset.desks, { headers: { accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const news = page.querySelector("[data-fresh]");
  if (news && !there.contains(document.activeElement)) there.replaceWith(news);
}

setInterval(() => lookAgain().catch(() => {}), EVERY);
