import { afterEach, expect, test } from "vitest";
import { WebSocket as NodeSocket, WebSocketServer, type WebSocket as Peer } from "ws";
import { open_connection, type Connection, type ConnectionState, type Frame } from "../src/index";

let server: WebSocketServer | null = null;
let connection: Connection | null = null;

afterEach(() => {
  connection?.end();
  for (const peer of server?.clients ?? []) peer.terminate();
  server?.close();
});

/** A real server that greets every client; resolves what a test waits for. */
async function begin(on_peer: (peer: Peer, dials: number) => void) {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  const made = server;
  await new Promise((resolve) => made.once("listening", resolve));
  const { port } = made.address() as { port: number };
  const hellos: Frame[] = [];
  const frames: Frame[] = [];
  const states: ConnectionState[] = [];
  let dials = 0;
  made.on("connection", (peer) => {
    dials++;
    peer.once("message", (data) => {
      hellos.push(JSON.parse(String(data)) as Frame);
      on_peer(peer, dials);
    });
  });
  let cursor = 0;
  connection = open_connection({
    address: () => `ws://127.0.0.1:${port}`,
    hello: () => ({ type: "hello", cursor: cursor++ }),
    on_frame: (frame) => frames.push(frame),
    on_state: (state) => states.push(state),
    open_socket: (address) => new NodeSocket(address) as unknown as WebSocket,
  });
  return { hellos, frames, states, connection };
}

async function until(is_true: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (is_true()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("waited 4 s in vain");
}

const ready = (peer: Peer): void => peer.send('{"type":"ready"}');

test("a cut line is dialled again with the newest cursors", async () => {
  const { hellos, states } = await begin((peer, dials) => {
    ready(peer);
    if (dials === 1) setTimeout(() => peer.terminate(), 20);
  });
  await until(() => hellos.length === 2 && states[states.length - 1] === "online");
  expect(hellos.map((hello) => hello.cursor)).toEqual([0, 1]);
});

test("pings are answered and never shown", async () => {
  const pongs: string[] = [];
  const { frames } = await begin((peer) => {
    ready(peer);
    peer.on("message", (data) => pongs.push(String(data)));
    peer.send('{"type":"ping"}');
    peer.send("not json");
    peer.send('{"type":"typing"}');
  });
  await until(() => pongs.length === 1 && frames.length === 2);
  expect(pongs).toEqual(['{"type":"pong"}']);
  expect(frames.map((frame) => frame.type)).toEqual(["ready", "typing"]);
});

test("a draining server is given the time it asks for", async () => {
  const dialled: number[] = [];
  await begin((peer, dials) => {
    dialled.push(Date.now());
    ready(peer);
    if (dials > 1) return;
    peer.send('{"type":"reconnect","after_ms":600}');
    peer.close(4009);
  });
  await until(() => dialled.length === 2);
  expect((dialled[1] ?? 0) - (dialled[0] ?? 0)).toBeGreaterThanOrEqual(580);
});

test("an unknown client is not dialled again until it is told to", async () => {
  const { hellos, states, connection: line } = await begin((peer, dials) => (dials === 1 ? peer.close(4001) : ready(peer)));
  await until(() => states.includes("refused"));
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(hellos.length).toBe(1);
  line.wake();
  await until(() => states.includes("online"));
});

test("nothing is handed to a line that was not greeted", async () => {
  const { connection: line, hellos } = await begin(() => undefined);
  await until(() => hellos.length === 1);
  expect(line.send({ type: "send" })).toBe(false);
});
