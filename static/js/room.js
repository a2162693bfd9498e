import { Announcer, announceQuestions } from "./live/announcer.js";
import { Ask } from "./live/ask.js";
import { Connection } from "./live/connection.js";
import { showConnection } from "./live/line.js";
import { holdBelow } from "./live/holding.js";
import { List } from "./live/list.js";
import { Outbox } from "./live/outbox.js";
import { keepCountdown } from "./live/player/countdown.js";
import { showRoom } from "./live/session.js";
import { Store } from "./live/store.js";
import { makeTabs } from "./live/tabs.js";
import { takeVotes } from "./live/votes.js";
import { words } from "./live/words.js";

const root = document.querySelector("[data-room]");
const key = `summit:${root.dataset.live}`;
const store = new Store();
const outbox = new Outbox(`${key}:outbox`);
const connection = new Connection(root.dataset.socket, { as: "participant", store, outbox });
const announcer = new Announcer();

makeTabs(root.querySelector("[data-tabs]"));
holdBelow(root.querySelector(".over"), root.querySelector("[data-scroller]"));
const line = showConnection(connection, announcer);
takeVotes(root.querySelector("[data-questions]"), { connection, outbox, store, line });
const list = new List(root, store);
announceQuestions(store, announcer);
showRoom(store, announcer, `${key}:read`);
new Ask(root.querySelector("[data-ask]"), {
  key: `${key}:draft`, connection, outbox, store, announcer,
  show: (id) => { document.querySelector("#tab-questions").click(); list.goTo(id); },
});
outbox.addEventListener("settled", ({ detail: { item, answer } }) => {
  if (item.type === "withdraw" && answer.type === "ack") announcer.say(words.withdrawn);
});
connection.open();

keepCountdown(root.querySelector("[data-countdown]"), store);
// Who wants text only gets nothing of the player, not even its script.
if (root.querySelector("#player")) {
  import("./live/player.js").then(({ Player }) => new Player(root, { store, announcer }));
}
