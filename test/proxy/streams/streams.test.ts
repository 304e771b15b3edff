import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import type { StreamEvent } from "../../../src/model/event.ts";
import type { Problem } from "../../../src/model/problem.ts";
import type { StreamRoute } from "../../../src/model/route/stream.ts";
import type { Resolve, Upstream } from "../../../src/model/upstream.ts";
import { openStreams, type StreamListeners } from "../../../src/proxy/streams.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A TCP server with the given behaviour. */
async function backend(serve: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

/** A recently free port, for both addresses. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const tcp = (name: string, port: number): Upstream => ({
  name,
  protocol: "http",
  connection: { kind: "tcp", host: "127.0.0.1", port },
  basePath: "",
});

function route(port: number, more: Partial<StreamRoute> = {}): StreamRoute {
  return {
    protocol: "tcp",
    port,
    backend: { namespace: "db", service: "postgres", port: { number: 5432 } },
    connectTimeoutMs: 500,
    proxyProtocol: { fromClient: "none", toBackend: "none" },
    origin: { configMap: "ingress-nginx/tcp-services", file: "services.yaml", line: 7 },
    ...more,
  };
}

function streamsTo(resolve: Resolve) {
  const events: StreamEvent[] = [];
  const problems: Problem[][] = [];
  const streams: StreamListeners = openStreams({
    bind: "127.0.0.1",
    resolve,
    limits: { headerMs: 200, idleMs: 5_000 },
    onFault: (fault) => expect.fail(String(fault)),
    onEvent: (event) => events.push(event),
    onProblems: (found) => problems.push([...found]),
  });
  closing.push(() => streams.close());
  return { streams, events, problems };
}

/** Sends text, ends its side, and returns everything received. */
async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk)).on("error", () => undefined);
  socket.end(text);
  await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(chunks).toString();
}

/** Answers with the complete input in brackets. */
const inBrackets = (socket: Socket) => {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("end", () => socket.end(`[${Buffer.concat(chunks)}]`)).on("error", () => undefined);
};

test("bytes go both ways as they are, half-closed as well", async () => {
  const target = await backend(inBrackets);
  const port = await freePort();
  const { streams, events } = streamsTo(() => ({ kind: "upstream", upstream: tcp("postgres", target) }));
  await streams.update([route(port)]);
  expect(await exchange(port, "select 1;\0\xff")).toBe("[select 1;\0\xff]");
  await vi.waitFor(() => expect(events.map(({ state }) => state)).toEqual(["listening", "ended"]));
  expect(events[1]).toMatchObject({ port, upstream: "postgres", bytes: 14, message: "" });
});

test.each<[string, StreamRoute["proxyProtocol"], string, RegExp]>([
  [
    "sent to the backend",
    { fromClient: "none", toBackend: "sent" },
    "hi",
    /^\[PROXY TCP4 127\.0\.0\.1 127\.0\.0\.1 \d+ \d+\r\nhi\]$/,
  ],
  [
    "taken from the client",
    { fromClient: "expected", toBackend: "none" },
    "PROXY TCP4 10.0.0.9 10.0.0.1 5 6\r\nhi",
    /^\[hi\]$/,
  ],
  [
    "passed on",
    { fromClient: "expected", toBackend: "sent" },
    "PROXY TCP4 10.0.0.9 10.0.0.1 5 6\r\nhi",
    /^\[PROXY TCP4 10\.0\.0\.9 10\.0\.0\.1 5 6\r\nhi\]$/,
  ],
  [
    "missing: the connection is closed",
    { fromClient: "expected", toBackend: "none" },
    "GET / HTTP/1.1\r\n",
    /^$/,
  ],
])("the PROXY protocol is %s", async (_, proxyProtocol, sent, answer) => {
  const target = await backend(inBrackets);
  const port = await freePort();
  const { streams } = streamsTo(() => ({ kind: "upstream", upstream: tcp("postgres", target) }));
  await streams.update([route(port, { proxyProtocol })]);
  expect(await exchange(port, sent)).toMatch(answer);
});

test("an upstream that refuses is passed over for another; without any the connection is closed, and it is said why", async () => {
  const target = await backend(inBrackets);
  const [port, closed] = [await freePort(), await freePort()];
  const upstreams = [tcp("db-0", closed), tcp("db-1", target)];
  const { streams, events } = streamsTo((backendOf, _, options) => {
    if (backendOf.service === "none") return { kind: "none", why: "it has no endpoints" };
    const upstream = upstreams.find(({ name }) => options?.tried?.includes(name) !== true);
    return upstream === undefined ? { kind: "none", why: "none is left" } : { kind: "upstream", upstream };
  });
  await streams.update([route(port)]);
  expect(await exchange(port, "a")).toBe("[a]");
  await streams.update([route(port, { backend: { namespace: "db", service: "none", port: { number: 1 } } })]);
  expect(await exchange(port, "a")).toBe("");
  await vi.waitFor(() =>
    expect(events.at(-1)).toMatchObject({ state: "failed", message: "it has no endpoints" }),
  );
});

test("listeners follow the table: what stays keeps its connections, what goes is closed, what is taken is a problem", async () => {
  const target = await backend((socket) => socket.on("error", () => undefined).pipe(socket));
  const { streams, events, problems } = streamsTo(() => ({
    kind: "upstream",
    upstream: tcp("echo", target),
  }));
  const [stays, goes] = [await freePort(), await freePort()];
  const taken = await backend(() => undefined);
  await streams.update([route(stays), route(goes), route(taken)]);
  expect(problems.at(-1)?.map(({ code, line }) => [code, line])).toEqual([["stream-port", 7]]);
  const socket = connect(stays, "127.0.0.1");
  socket.write("before");
  expect(String((await once(socket, "data"))[0])).toBe("before");
  await streams.update([route(stays)]);
  socket.write("after");
  expect(String((await once(socket, "data"))[0])).toBe("after");
  socket.destroy();
  expect(problems.at(-1)).toEqual([]);
  expect(events.filter(({ state }) => state === "closed").map(({ port }) => port)).toEqual([goes]);
  const refused = connect(goes, "127.0.0.1");
  expect((await once(refused, "error"))[0]).toMatchObject({ code: "ECONNREFUSED" });
});

test("UDP: each client has a way of its own, and gets its own answers", async () => {
  const server = createSocket("udp4");
  server.on("message", (datagram, from) => server.send(`${from.port}:${datagram}`, from.port, from.address));
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const port = await freePort();
  const { streams } = streamsTo(() => ({ kind: "upstream", upstream: tcp("dns", server.address().port) }));
  await streams.update([route(port, { protocol: "udp" })]);
  const clients = [createSocket("udp4"), createSocket("udp4")];
  const answers = await Promise.all(
    clients.map(async (client, index) => {
      client.send(`q${index}`, port, "127.0.0.1");
      const [answer] = await once(client, "message");
      return String(answer);
    }),
  );
  for (const client of clients) client.close();
  const [[one, a], [two, b]] = answers.map((answer) => answer.split(":")) as [
    [string, string],
    [string, string],
  ];
  expect([a, b]).toEqual(["q0", "q1"]);
  expect(one).not.toBe(two);
});

test("UDP: what only carries TCP is said", async () => {
  const port = await freePort();
  const upstream: Upstream = {
    ...tcp("pod/dns-0:53", 0),
    connection: { kind: "stream", open: () => Promise.reject(new Error("never asked")) },
  };
  const { streams, events } = streamsTo(() => ({ kind: "upstream", upstream }));
  await streams.update([route(port, { protocol: "udp" })]);
  const client = createSocket("udp4");
  client.send("q", port, "127.0.0.1");
  await vi.waitFor(() => expect(events.at(-1)?.message).toMatch(/pod\/dns-0:53 cannot be reached by UDP/));
  client.close();
});

test("UDP: localhost is both loopback addresses, and nobody there is told", async () => {
  const server = createSocket("udp6");
  server.on("message", (datagram, from) => server.send(`v6:${datagram}`, from.port, from.address));
  await new Promise<void>((resolve) => server.bind(0, "::1", resolve));
  let target = server.address().port;
  const port = await freePort();
  const { streams, events } = streamsTo(() => {
    const connection = { kind: "tcp", host: "localhost", port: target } as const;
    return { kind: "upstream", upstream: { ...tcp("dns", target), connection } };
  });
  await streams.update([route(port, { protocol: "udp" })]);
  const client = createSocket("udp4");
  client.send("q", port, "127.0.0.1");
  expect(String((await once(client, "message"))[0])).toBe("v6:q");
  client.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  target = await freePort();
  const other = createSocket("udp4");
  other.send("q", port, "127.0.0.1");
  await vi.waitFor(() => expect(events.at(-1)?.message).toMatch(/ECONNREFUSED/));
  other.close();
});
