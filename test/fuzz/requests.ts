import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Random } from "./random.ts";

const METHODS = [
  "GET",
  "POST",
  "HEAD",
  "OPTIONS",
  "PUT",
  "DELETE",
  "CONNECT",
  "TRACE",
  "PRI",
  "FOO",
  "get",
  "",
  "G ET",
];
const TARGETS = [
  "/",
  "/path1",
  "/a%2Fb",
  "/%",
  "/..",
  "//",
  "*",
  "http://a.test/x",
  "a",
  "",
  "/\0",
  "/é",
  "/?a=b#c",
  "/a b",
];
const VERSIONS = ["HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/9", ""];
const HOSTS = [
  "www.basic1.com",
  "a.test",
  "",
  "a b",
  "[::1]",
  "a:99999",
  "*",
  "\0",
  "x".repeat(300),
  "www.basic1.com.",
];
const HEADERS = [
  ...[
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 5, 5",
    "Content-Length: 99999999999999999999",
  ],
  ...[
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: xchunked",
    "Expect: 100-continue",
  ],
  ...[
    "Expect: foo",
    "Connection: Upgrade",
    "Connection: close",
    "Connection: keep-alive, x-a",
    "Upgrade: websocket",
  ],
  ...["Upgrade: foo", "Upgrade: h2c", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: a"],
  ...[
    "Sec-WebSocket-Version: 13",
    "HTTP2-Settings: AAMAAABkAAQAAP__",
    "Cookie: a=b",
    `Cookie: ${"a".repeat(9000)}`,
  ],
  ...[
    "Authorization: Basic Zm9vOmJhcg==",
    "Authorization: Basic ===",
    "Range: bytes=0-",
    "TE: trailers",
    "Forwarded: for=a",
  ],
  ...[
    "X-Forwarded-For: 1.2.3.4",
    "X-Request-ID: a",
    "a_b: c",
    "a b: c",
    ": c",
    "noColon",
    " folded",
    "X-A: \x01",
    "X-É: é",
  ],
  ...["Origin: http://a.test", "Accept-Encoding: gzip", `X-B: ${"b".repeat(20_000)}`],
];
const BODIES = [
  "",
  "hello",
  "5\r\nhello\r\n0\r\n\r\n",
  "5\r\nhel",
  "zz\r\n",
  "0\r\n\r\n",
  "ffffffffffffffff\r\n",
  "\x81\x05hello",
];

/** One or several requests, mostly slightly wrong; one char per byte. */
export function anyRequest(random: Random): string {
  const count = random.percent(80) ? 1 : 2 + random.below(4);
  const text = Array.from({ length: count }, () => oneRequest(random)).join("");
  return random.percent(30) ? mutated(text, random) : text;
}

function oneRequest(random: Random): string {
  const end = random.percent(95) ? "\r\n" : "\n";
  const usual = random.percent(60);
  const line = usual
    ? `GET ${random.pick(TARGETS)} HTTP/1.1`
    : `${random.pick(METHODS)} ${random.pick(TARGETS)} ${random.pick(VERSIONS)}`;
  const host = random.percent(90) ? [`Host: ${usual ? "www.basic1.com" : random.pick(HOSTS)}`] : [];
  const headers = Array.from({ length: random.below(6) }, () => random.pick(HEADERS));
  return `${[line, ...host, ...headers].join(end)}${end}${end}${random.pick(BODIES)}`;
}

function mutated(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  if (random.percent(30)) return text.slice(0, at);
  return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + random.below(3));
}

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** HTTP/2 frames after the preface, mostly with correct length and type. */
export function anyFrames(random: Random): string {
  const frames = Array.from({ length: random.below(12) }, () => {
    const body = Array.from({ length: random.below(40) }, () => String.fromCharCode(random.below(256))).join(
      "",
    );
    const length = random.percent(90) ? body.length : random.below(1 << 24);
    const head = [
      length >> 16,
      length >> 8,
      length,
      random.below(12),
      random.below(256),
      0,
      0,
      0,
      random.below(6),
    ];
    return String.fromCharCode(...head.map((byte) => byte & 255)) + body;
  });
  const settings = "\0\0\0\x04\0\0\0\0\0";
  return `${random.percent(90) ? PREFACE : PREFACE.slice(0, random.below(24))}${settings}${frames.join("")}`;
}

/** Sends bytes in one or several pieces, and waits for the connection's end, at most `waitMs`. */
export function send(socket: Socket, bytes: string, random: Random, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.on("error", () => undefined);
    socket.on("data", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
    const cut = random.percent(20) ? random.below(bytes.length + 1) : bytes.length;
    socket.write(Buffer.from(bytes.slice(0, cut), "latin1"));
    setImmediate(() => {
      if (cut < bytes.length && !socket.destroyed) socket.write(Buffer.from(bytes.slice(cut), "latin1"));
      if (random.percent(20)) socket.end();
      else if (random.percent(10)) socket.destroy();
    });
  });
}

/** A connection to one of the listeners. */
export function connection(
  ports: { readonly http: number; readonly https: number },
  random: Random,
): {
  readonly socket: Socket;
  readonly protocol: "h1" | "h2";
} {
  const protocol = random.percent(75) ? "h1" : "h2";
  if (random.percent(60)) return { socket: connectTcp(ports.http, "127.0.0.1"), protocol };
  if (random.percent(10)) return { socket: connectTcp(ports.https, "127.0.0.1"), protocol };
  const ALPNProtocols = protocol === "h2" ? ["h2"] : ["http/1.1"];
  const servername = random.pick(["www.basic1.com", "a.test", "x.y.test"]);
  const options = {
    host: "127.0.0.1",
    port: ports.https,
    servername,
    rejectUnauthorized: false,
    ALPNProtocols,
  };
  return { socket: connectTls(options), protocol };
}
