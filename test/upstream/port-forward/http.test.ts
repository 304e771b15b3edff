import { createHash } from "node:crypto";
import { once } from "node:events";
import { get, request as httpRequest, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { Upstream } from "../../../src/model/upstream.ts";
import { testProxy } from "../../proxy/support.ts";
import { httpPod, testCluster } from "./support.ts";

const PATIENCE = { timeout: 20_000 };
const HEADERS = { host: "a.test" };

/** Resolves with the head of an answer. */
async function answerTo(port: number): Promise<IncomingMessage> {
  const asked = get({ port, host: "127.0.0.1", headers: HEADERS, agent: false });
  const [response] = await once(asked, "response");
  return response;
}

test("requests one after another share a stream; at once they have one each, and all are kept", async () => {
  const cluster = await testCluster();
  const podPort = await httpPod((_, response) => response.end("pod"));
  const { port } = await testProxy(cluster.pod("web-1", podPort));
  const forwards = () => cluster.server.requests.length;
  for (let at = 0; at < 20; at += 1) expect(await buffer(await answerTo(port))).toEqual(Buffer.from("pod"));
  expect(forwards()).toBe(1);
  const many = await Promise.all(Array.from({ length: 10 }, async () => buffer(await answerTo(port))));
  expect(many.map(String)).toEqual(Array(10).fill("pod"));
  const after = forwards();
  expect(after).toBeGreaterThan(1);
  // A stream becomes idle a moment after its answer.
  await vi.waitFor(async () => {
    const before = forwards();
    await Promise.all(Array.from({ length: after }, async () => buffer(await answerTo(port))));
    expect(forwards()).toBe(before);
  }, PATIENCE);
});

test("a stream at rest is closed at once when its pod retires, one in use when it is at rest", async () => {
  const cluster = await testCluster();
  const answers: (() => void)[] = [];
  const podPort = await httpPod((request, response) => {
    if (request.url === "/") return void response.end("at once");
    answers.push(() => response.end("late"));
  });
  const retirement = new AbortController();
  const pod = cluster.pod("web-1", podPort);
  const connection = { ...pod.connection, retired: retirement.signal } as Upstream["connection"];
  const { port } = await testProxy({ ...pod, connection });
  const late = get({ port, host: "127.0.0.1", path: "/late", headers: HEADERS, agent: false });
  await vi.waitFor(() => expect(answers).toHaveLength(1), PATIENCE);
  await buffer(await answerTo(port));
  expect(cluster.server.running).toHaveLength(2);
  retirement.abort();
  await vi.waitFor(() => expect(cluster.server.running).toHaveLength(1), PATIENCE);
  answers[0]?.();
  const [response] = (await once(late, "response")) as [IncomingMessage];
  expect(String(await buffer(response))).toBe("late");
  await vi.waitFor(() => expect(cluster.server.running).toHaveLength(0), PATIENCE);
});

test("a WebSocket through the port-forward: text, 1 MB of binary, the close code; either side's end reaches the other", async () => {
  const cluster = await testCluster();
  const closed: number[] = [];
  const pod = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => void pod.close());
  await once(pod, "listening");
  pod.on("connection", (socket) => {
    socket.on("message", (message, isBinary) => {
      if (String(message) === "bye") socket.close(4001, "see you");
      else socket.send(message, { binary: isBinary });
    });
    socket.on("close", (code) => closed.push(code));
  });
  const address = pod.address();
  const at = typeof address === "object" && address !== null ? address.port : 0;
  const { port, hit } = await testProxy(cluster.pod("web-1", at));
  const connect = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/chat`, { headers: HEADERS });
    await once(socket, "open");
    return socket;
  };
  const first = await connect();
  for (const sent of [Buffer.from("hello"), Buffer.alloc(1_000_000, 7)]) {
    first.send(sent);
    const [message] = await once(first, "message");
    expect(Buffer.compare(message, sent)).toBe(0);
  }
  first.send("bye");
  expect((await once(first, "close")).map(String)).toEqual(["4001", "see you"]);
  (await connect()).terminate();
  await vi.waitFor(() => expect(closed).toEqual([4001, 1006]), PATIENCE);
  expect((await hit(2)).map(({ status, upstream }) => [status, upstream])).toEqual([
    [101, "pod/web-1:80"],
    [101, "pod/web-1:80"],
  ]);
  await vi.waitFor(() => expect(cluster.server.connections).toBe(0), PATIENCE);
});

test("events come as they are sent, and the pod is told when the client leaves", async () => {
  const cluster = await testCluster();
  const left = vi.fn();
  const says: ((text: string) => void)[] = [];
  const podPort = await httpPod((_, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
    response.once("close", left);
    says.push((text) => response.write(`data: ${text}\n\n`));
  });
  const { port } = await testProxy(cluster.pod("web-1", podPort));
  const response = await answerTo(port);
  for (const text of ["one", "two", "three"]) {
    says[0]?.(text);
    const [chunk] = await once(response, "data");
    expect(String(chunk)).toBe(`data: ${text}\n\n`);
  }
  response.destroy();
  await vi.waitFor(() => expect(left).toHaveBeenCalledOnce(), PATIENCE);
  await vi.waitFor(() => expect(cluster.server.connections).toBe(0), PATIENCE);
});

test("20 MB there and back are the same bytes", async () => {
  const cluster = await testCluster();
  const podPort = await httpPod((request, response) => void request.pipe(response));
  const { port } = await testProxy(cluster.pod("web-1", podPort));
  const body = Buffer.alloc(20_000_000);
  for (let at = 0; at < body.length; at += 4) body.writeUInt32LE((at * 2_654_435_761) % 4_294_967_296, at);
  const asked = httpRequest({ port, host: "127.0.0.1", method: "POST", headers: HEADERS, agent: false });
  asked.end(body);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  expect(digest(await buffer(response))).toBe(digest(body));
});
