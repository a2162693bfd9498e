import { Acts } from "./desk/acts.js";
import { Bar } from "./desk/bar.js";
import { Columns } from "./desk/columns.js";
import { Dialogs } from "./desk/dialogs.js";
import { useKeys } from "./desk/keys.js";
import { Selection } from "./desk/selection.js";
import { Announcer } from "./live/announcer.js";
import { Connection } from "./live/connection.js";
import { showConnection } from "./live/line.js";
import { Outbox } from "./live/outbox.js";
import { Store } from "./live/store.js";

const root = document.querySelector("[data-desk]");
const store = new Store();
const outbox = new Outbox(`summit:${root.dataset.at}:outbox`);
const connection = new Connection(root.dataset.socket, { store, outbox });
const announcer = new Announcer();
const line = showConnection(connection, announcer);

const columns = new Columns(root.querySelector("[data-columns]"), store);
const selection = new Selection(root.querySelector("[data-columns]"));
const bar = new Bar(root, { connection, store, outbox, announcer, line });
const acts = new Acts(root, { connection, store, outbox, columns, selection, bar });
const dialogs = new Dialogs(root, { connection, store, outbox, acts, bar, selection });
useKeys(root, { selection, acts, dialogs });
columns.addEventListener("fresh", ({ detail }) => announcer.addNew(detail.id));
root.classList.add("with-script");
connection.open();
