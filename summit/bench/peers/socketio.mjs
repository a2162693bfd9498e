// socket.io: emit to everybody, over WebSockets alone and without compression.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { obey } from "./obey.mjs";

const { Server } = createRequire(process.env.PEERS + "/")("socket.io");
const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, pingInterval: 600000 });
http.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () =>
  obey(http.address().port, (text) => io.emit("m", text)),
);
