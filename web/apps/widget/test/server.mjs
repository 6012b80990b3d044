/** A server of the visitor side for tests: real HTTP, real sockets, one shop in memory (`desk.mjs`), the built files. */
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { create_desk } from "./desk.mjs";
import { host_page } from "./host_page.mjs";
import { Problem, ROUTES } from "./routes.mjs";

const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist");
const KINDS = { js: "text/javascript", html: "text/html; charset=utf-8", svg: "image/svg+xml" };
const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws: wss:; base-uri 'none'";

const read_body = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

async function take_file(desk, request) {
  const body = await read_body(request);
  const name = decodeURIComponent(/filename="([^"]*)"/.exec(body.toString("latin1"))?.[1] ?? "file");
  const shown_name = Buffer.from(name, "latin1").toString("utf8");
  if (/\.exe$/.test(shown_name)) throw new Problem(415, "wrong_type", "不支持 .exe 文件，请换成图片或文档。");
  const start = body.indexOf("\r\n\r\n") + 4;
  const bytes = body.subarray(start, body.lastIndexOf("\r\n--"));
  const media_type = /Content-Type: ([^\r\n]+)/.exec(body.toString("latin1"))?.[1] ?? "application/octet-stream";
  const id = desk.new_id();
  const size = media_type.startsWith("image/png") ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : {};
  desk.files.set(id, { id, name: shown_name, media_type, size: bytes.length, bytes, ...size });
  return { file_id: id, name: shown_name, media_type, size: bytes.length };
}

const shown_file = ({ bytes: _, ...file }) => ({ ...file, url: `/files/signed/${file.id}/${encodeURIComponent(file.name)}` });

function accept(desk, visitor, frame, socket) {
  const earlier = [...desk.conversations.values()].flatMap((one) => one.messages).find((one) => one.client_message_id === frame.client_message_id);
  if (earlier) return earlier;
  const conversation = desk.open_conversation(visitor.contact_id);
  const file = frame.file_id ? shown_file(desk.files.get(frame.file_id)) : undefined;
  const { client_message_id, message_type: type, text, page } = frame;
  conversation.page = page;
  const stored = desk.say(conversation, { from: "contact", type, text, file, client_message_id }, socket);
  if (text) desk.answer(conversation, text);
  return stored;
}

function follow(desk, socket, frame) {
  if (frame.type === "hello") {
    const visitor = desk.tokens.get(frame.visitor_token);
    if (!visitor) return socket.close(4001);
    Object.assign(socket, { visitor, contact_id: visitor.contact_id, cursors: new Map(Object.entries(frame.cursors)) });
    const mine = [...desk.conversations.values()].filter((one) => one.contact_id === visitor.contact_id);
    const told = mine.filter((one) => one.status === "open" || socket.cursors.has(one.id));
    const conversations = told.map(({ id, status, handled_by, messages }) => ({ conversation_id: id, status, handled_by, last_seq: messages.length }));
    socket.tell({ type: "ready", conversations });
    desk.sockets.add(socket);
    for (const one of told) one.messages.forEach(socket.deliver);
    // Like the real server: whoever comes back while he waits is told his place.
    for (const { id, handled_by } of told)
      if (handled_by === "queue") socket.tell({ type: "queue", conversation_id: id, position: 3, eta_seconds: 70 });
  } else if (frame.type === "send") {
    const refusal = desk.refuse_next;
    desk.refuse_next = null;
    if (refusal) return socket.tell({ type: "refused", client_message_id: frame.client_message_id, ...refusal });
    const stored = accept(desk, socket.visitor, frame, socket);
    socket.cursors.set(stored.conversation_id, Math.max(stored.seq, socket.cursors.get(stored.conversation_id) ?? 0));
    const { id, conversation_id, seq, created_at } = stored;
    if (!desk.lose_acks) socket.tell({ type: "ack", client_message_id: frame.client_message_id, id, conversation_id, seq, created_at });
  } else if (frame.type === "stop") {
    for (const one of desk.conversations.values()) one.stopped = frame.reply_id;
  } else if (frame.type === "visit") desk.visits.push(frame);
  else if (frame.type === "typing") desk.typed = (desk.typed ?? 0) + 1;
}

async function serve_static(response, name, headers = {}) {
  try {
    const body = await readFile(join(dist, normalize(name)));
    response.writeHead(200, { "Content-Type": KINDS[name.split(".").at(-1)] ?? "application/octet-stream", ...headers }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

async function serve_api(desk, url, request, response) {
  const name = url.pathname.slice("/v1/widget/".length);
  const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*, Authorization", "Access-Control-Allow-Methods": "*" };
  if (request.method === "OPTIONS") return response.writeHead(204, headers).end();
  try {
    const visitor = desk.tokens.get(request.headers.authorization?.slice("Bearer ".length));
    if (name !== "sessions" && !visitor) throw new Problem(401, "unknown_visitor", "");
    let result;
    if (name === "files") result = await take_file(desk, request);
    else {
      const body = request.method === "POST" ? JSON.parse((await read_body(request)).toString()) : null;
      result = ROUTES[`${request.method} ${name}`](desk, { body, visitor, query: url.searchParams, request });
    }
    response.writeHead(200, { ...headers, "Content-Type": "application/json" }).end(JSON.stringify(result ?? {}));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { status, code, message } = error;
    response.writeHead(status, { ...headers, "Content-Type": "application/problem+json" }).end(JSON.stringify({ status, code, detail: message }));
  }
  return undefined;
}

async function serve(desk, request, response) {
  const url = new URL(request.url, "http://localhost");
  const [, first = "", second = "", third = ""] = url.pathname.split("/");
  const open = { "Access-Control-Allow-Origin": "*" };
  if (url.pathname.startsWith("/v1/widget/")) await serve_api(desk, url, request, response);
  else if (first === "widget.js") await serve_static(response, "widget.js", { "Cache-Control": "no-cache" });
  else if (first === "assets") await serve_static(response, third, { ...open, "Cache-Control": "immutable" });
  else if (first === "chat" || first === "frame") await serve_static(response, `${first}.html`, { "Content-Security-Policy": PAGE_CSP });
  else if (first === "files") {
    const file = desk.files.get(third);
    response.writeHead(file ? 200 : 404, { "Content-Type": file?.media_type ?? "text/plain" }).end(file?.bytes);
  } else if (first === "host") host_page(second, url, response);
  else if (first === "test") await control(desk, second, request, response);
  else response.writeHead(first === "favicon.ico" ? 204 : 404).end();
}

/** What a test on the other side of HTTP may make happen: the body is a function's text, called with (desk). */
async function control(desk, name, request, response) {
  const body = (await read_body(request)).toString();
  const act = new Function("desk", body);
  const result = (await act(desk)) ?? null;
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(result));
}

export async function start_server(port = 0) {
  const desk = create_desk();
  const server = createServer((request, response) => {
    serve(desk, request, response).catch((error) => {
      process.stderr.write(`${error.stack}\n`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  const sockets = new WebSocketServer({ server, path: "/v1/widget/stream" });
  sockets.on("connection", (socket) => {
    if (desk.is_away) return socket.close(4009);
    socket.tell = (frame) => socket.readyState === 1 && socket.send(JSON.stringify(frame));
    socket.deliver = (message) => {
      const have = socket.cursors.get(message.conversation_id) ?? 0;
      if (message.seq !== have + 1) return;
      socket.cursors.set(message.conversation_id, message.seq);
      socket.tell({ type: "message", message });
    };
    socket.on("message", (data) => follow(desk, socket, JSON.parse(data)));
    socket.on("error", () => socket.terminate());
    return socket.on("close", () => desk.sockets.delete(socket));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    desk,
    port: server.address().port,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { port } = await start_server(Number(process.argv[2] ?? 0));
  process.stdout.write(`${port}\n`);
}
