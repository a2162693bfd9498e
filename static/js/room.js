import { Announcer, announceQuestions, offerQuiet } from "./live/announcer.js";
import { Ask } from "./live/ask.js";
import { Connection } from "./live/connection.js";
import { Edit } from "./live/edit.js";
import { showConnection } from "./live/line.js";
import { copyLinks } from "./live/links.js";
import { holdBelow } from "./live/holding.js";
import { List } from "./live/list.js";
import { Outbox } from "./live/outbox.js";
import { keepCountdown } from "./live/player/countdown.js";
import { Reactions } from "./live/reactions.js";
import { makeSearch } from "./live/search.js";
import { showRoom } from "./live/session.js";
import { Store } from "./live/store.js";
import { Suggest } from "./live/suggest.js";
import { makeTabs } from "./live/tabs.js";
import { takeVotes } from "./live/votes.js";
import { words } from "./live/words.js";

const root = document.querySelector("[data-room]");
// A page that refreshes itself is for those without scripts.
if ("follow" in root.dataset) location.replace(root.dataset.live);
else open();

function open() {
  const key = `summit:${root.dataset.live}`;
  const store = new Store();
  const outbox = new Outbox(`${key}:outbox`);
  const connection = new Connection(root.dataset.socket, { as: "participant", store, outbox });
  const announcer = new Announcer();
  const room = { connection, outbox, store, announcer };
  const questions = root.querySelector("[data-questions]");
  const asking = root.querySelector("[data-ask]");

  const tabs = makeTabs(root.querySelector("[data-tabs]"));
  holdBelow(root.querySelector(".over"), root.querySelector("[data-scroller]"));
  const line = showConnection(connection, announcer);
  takeVotes(root, { ...room, line });
  const list = new List(root, store);
  makeSearch(root, { list, announcer });
  copyLinks(questions, announcer);
  announceQuestions(store, announcer);
  new Ask(asking, {
    ...room, key: `${key}:draft`,
    show: (id) => { tabs.show("questions"); list.goTo(id); },
  });
  showRoom(room, `${key}:read`);
  new Suggest(asking, room);
  new Edit(questions, { ...room, key: `${key}:edit`, line });
  new Reactions(root.querySelector("[data-reactions]"), room);
  offerQuiet(root.querySelector("[data-announce]"));
  outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
    if (item.type === "withdraw" && answer.type === "ack") announcer.say(words.withdrawn);
  });
  loadPolls({ ...room, key: `${key}:ballots` });
  connection.open();

  keepCountdown(root.querySelector("[data-countdown]"), store);
  // Who wants text only gets nothing of the player, not even its script.
  if (root.querySelector("#player")) {
    untilItCame(() => import("./live/player.js")).then(({ Player }) => new Player(root, { store, announcer }));
  }
}

/** Scripts for polls come when there is one. */
function loadPolls({ store, ...room }) {
  const missed = [];
  let isUnderway = false;
  const load = async ({ type, detail }) => {
    if (type === "poll") missed.push(detail);
    if (!store.polls.size || isUnderway) return;
    isUnderway = true;
    const { Polls } = await untilItCame(() => import("./live/polls.js"));
    for (const one of ["all", "poll"]) store.removeEventListener(one, load);
    const polls = new Polls(root, { store, ...room });
    for (const one of missed) polls.change(one);
  };
  for (const one of ["all", "poll"]) store.addEventListener(one, load);
}

/** On a bad line a script may fail to come: it is asked for again. */
async function untilItCame(load) {
  for (let pause = 1000; ; pause = Math.min(2 * pause, 30_000)) {
    try {
      return await load();
    } catch {
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}
