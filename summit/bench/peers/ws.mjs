// Node's `ws`: send to each client, without compression.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { obey } from "./obey.mjs";

const { WebSocketServer } = createRequire(process.env.PEERS + "/")("ws");
const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
http.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () =>
  obey(http.address().port, (text) => server.clients.forEach((client) => client.send(text))),
);
