import { Connection } from "./live/connection.js";
import { Outbox } from "./live/outbox.js";
import { showIf } from "./live/parts.js";
import { Store } from "./live/store.js";
import { keepTime } from "./screen/clock.js";
import { watchLine } from "./screen/line.js";
import { Panes } from "./screen/panes.js";

const root = document.querySelector("[data-wall]");
const store = new Store();
// The wall says nothing: its outbox stays empty.
const connection = new Connection(root.dataset.socket, { store, outbox: new Outbox("summit:wall") });

new Panes(root, store);
for (const change of ["all", "session"]) {
  store.addEventListener(change, () => {
    for (const subject of ["state", "questions"]) showIf(subject, store.session[subject]);
  });
}
keepTime(root.querySelector("[data-clock]"), store);
watchLine(root, connection);
connection.open();
