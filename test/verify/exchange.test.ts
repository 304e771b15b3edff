import type { Socket } from "node:net";
import { expect, test } from "vitest";
import type { HeaderLine } from "../../src/model/decision.ts";
import type { SampleRequest } from "../../src/model/sample-request.ts";
import { headerIn } from "../../src/request/header-line.ts";
import { exchange, whyNotSent } from "../../src/verify/exchange.ts";
import type { LiveAnswer } from "../../src/verify/live-answer.ts";
import { serverNameOf } from "../../src/verify/server-name.ts";
import { newAuthority } from "../support/authority.ts";
import { closedPort, misbehaving } from "./misbehaving.ts";

const AUTHORITY = newAuthority("verify");

function asked(target: string, more: Partial<SampleRequest> = {}): SampleRequest {
  return { scheme: "http", method: "GET", target, headers: [["Host", "shop.test"]], ...more };
}

/** Far longer than any answer here takes, but for the tests of what never comes. */
const PATIENCE = 20_000;

async function ask(port: number, request: SampleRequest, timeoutMs = PATIENCE): Promise<LiveAnswer> {
  const signal = new AbortController().signal;
  const options = { address: "127.0.0.1", port, timeoutMs, userAgent: "ingress-dev/1 verify", signal };
  const answer = await exchange(request, options);
  if (answer === undefined) throw new Error("the signal came");
  return answer;
}

const answered = (text: string) => (socket: Socket) => void socket.end(text, "latin1");
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

test.each([
  "/",
  "/a%2Fb",
  "/a%2fb",
  "/a//b",
  "//a",
  "/../x",
  "/a/./b/../c",
  "/a\\b",
  '/a"b',
  "/{a}|^`",
  "/a?b=c&d=%zz",
  "/?",
  "/a#b",
  "/%00",
  "/caf\xc3\xa9",
  "/a;b=c",
])("sends %j byte for byte", async (target) => {
  const { port, heads } = await misbehaving(answered(OK));
  await ask(port, asked(target));
  expect(heads).toEqual([
    `GET ${target} HTTP/1.1\r\nHost: shop.test\r\nUser-Agent: ingress-dev/1 verify\r\nConnection: close\r\n\r\n`,
  ]);
});

test("sends exactly the witness's headers, in their order, with their spelling", async () => {
  const { port, heads } = await misbehaving(answered(OK));
  const headers: readonly HeaderLine[] = [
    ["Host", "Shop.TEST."],
    ["x-canary", "always"],
    ["Cookie", "a=b; c=d"],
    ["X-Canary", "again"],
    ["Accept", "caf\xe9"],
  ];
  await ask(port, asked("/", { method: "HEAD", headers }));
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  expect(heads).toEqual([
    `HEAD / HTTP/1.1\r\n${lines}User-Agent: ingress-dev/1 verify\r\nConnection: close\r\n\r\n`,
  ]);
});

const ANSWERS: readonly (readonly [what: string, text: string, status: number, body: string])[] = [
  ["an answer with a length", OK, 200, "ok"],
  ["one that ends with its connection", "HTTP/1.1 404 Not Found\r\n\r\nnone", 404, "none"],
  ["chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, "ok"],
  ["hints before the answer", `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`, 200, "ok"],
  ["a status that nobody knows", "HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n", 799, ""],
  [
    "a switch of protocols",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    101,
    "",
  ],
  ["HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nok", 200, "ok"],
  ["a body without end", `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(300_000)}`, 200, "x".repeat(64 * 1024)],
];

test.each(ANSWERS)("takes %s", async (_, text, status, body) => {
  const { port, heads } = await misbehaving(answered(text));
  expect(await ask(port, asked("/"))).toMatchObject({ kind: "answered", status, body });
  expect(heads).toHaveLength(1);
});

test("follows no redirect, not even one to itself", async () => {
  const { port, heads } = await misbehaving(
    answered("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
  );
  expect(await ask(port, asked("/"))).toMatchObject({ status: 302, location: "/" });
  expect(heads).toHaveLength(1);
});

const SILENCES: readonly (readonly [what: string, respond: (socket: Socket) => void, why: RegExp])[] = [
  ["ends at once", (socket) => void socket.end(), /without an answer|hang up/],
  ["resets", (socket) => void socket.resetAndDestroy(), /without an answer/],
  ["says garbage", answered("\x00\x01\x02 hello\r\n\r\n"), /is no HTTP/],
  ["says half a head", answered("HTTP/1.1 200 OK\r\nContent-"), /no HTTP|without an answer|hang up/],
  [
    "has a head without end",
    answered(`HTTP/1.1 200 OK\r\n${`A: ${"b".repeat(100)}\r\n`.repeat(2_000)}`),
    /larger than 64 KiB/,
  ],
  [
    "contradicts itself",
    answered("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    /is no HTTP/,
  ],
  [
    "breaks its body off",
    answered("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
    /status 200 the body broke off/,
  ],
  [
    "sends a bad chunk",
    answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    /no HTTP|broke off/,
  ],
];

test.each(SILENCES)("a server that %s is silent, with the reason", async (_, respond, why) => {
  const { port } = await misbehaving(respond);
  expect(await ask(port, asked("/"))).toMatchObject({
    kind: "silent",
    during: "answer",
    why: expect.stringMatching(why),
  });
});

test("a server that never answers is given up", async () => {
  const { port } = await misbehaving(() => undefined);
  expect(await ask(port, asked("/"), 100)).toMatchObject({
    kind: "silent",
    why: "nothing came within 0.1 s",
  });
});

test("an answer whose body goes on is taken as far as it came", async () => {
  const { port } = await misbehaving((socket) => void socket.write("HTTP/1.1 200 OK\r\n\r\ndata: 1\n\n"));
  expect(await ask(port, asked("/"), 300)).toMatchObject({
    kind: "answered",
    status: 200,
    body: "data: 1\n\n",
  });
});

test("nobody listens", async () => {
  const answer = await ask(await closedPort(), asked("/"));
  expect(answer).toMatchObject({ kind: "silent", during: "connection", why: "the connection was refused" });
});

test("https to a server in clear, and http to one of TLS", async () => {
  const clear = await misbehaving(answered(OK));
  const greeting = await misbehaving(() => undefined);
  expect(await ask(clear.port, asked("/", { scheme: "https" }), 300)).toMatchObject({
    kind: "silent",
    during: "TLS",
  });
  expect(await ask(greeting.port, asked("/", { scheme: "https" }), 300)).toMatchObject({
    kind: "silent",
    during: "TLS",
  });
  const secure = await misbehaving(answered(OK), AUTHORITY.issue("shop.test"));
  expect(await ask(secure.port, asked("/"))).toMatchObject({ kind: "silent", during: "answer" });
});

test("the name of Host is the SNI, and the certificate is told with it", async () => {
  const names: (string | undefined)[] = [];
  const pair = AUTHORITY.issue("*.shop.test");
  const { port } = await misbehaving((socket) => {
    if ("servername" in socket) names.push(String(socket.servername));
    socket.end(OK);
  }, pair);
  const by = (host: string) => ask(port, asked("/", { scheme: "https", headers: [["Host", host]] }));
  expect(await by("A.shop.test:8443")).toMatchObject({
    status: 200,
    certificate: { subject: "*.shop.test", issuer: "verify", names: ["*.shop.test"], covers: true },
  });
  expect(await by("stranger.test")).toMatchObject({ certificate: { covers: false } });
  await by("127.0.0.1");
  expect(names).toEqual(["a.shop.test", "stranger.test", "false"]);
});

test("the signal ends what is under way", async () => {
  const stop = new AbortController();
  const { port, open } = await misbehaving(() => stop.abort());
  const options = { address: "127.0.0.1", port, timeoutMs: PATIENCE, userAgent: "x", signal: stop.signal };
  expect(await exchange(asked("/"), options)).toBeUndefined();
  expect(await exchange(asked("/"), options)).toBeUndefined();
  await expect.poll(open).toBe(0);
});

test.each<readonly [Partial<SampleRequest>, RegExp | undefined]>([
  [{}, undefined],
  [{ method: "HEAD" }, undefined],
  [{ method: "POST" }, /method/],
  [{ method: "get" }, /method/],
  [{ method: "DELETE" }, /method/],
  [{ method: "OPTIONS" }, /method/],
  [{ bodySize: 1 }, /body/],
  [
    {
      headers: [
        ["Host", "a"],
        ["content-length", "1"],
      ],
    },
    /body/,
  ],
  [
    {
      headers: [
        ["Host", "a"],
        ["Transfer-Encoding", "chunked"],
      ],
    },
    /body/,
  ],
  [
    {
      headers: [
        ["Host", "a"],
        ["Upgrade", "websocket"],
      ],
    },
    /upgrade/,
  ],
  [{ client: "10.0.0.1" }, /address/],
  [{ chance: 0.5 }, /chance/],
  [{ headers: [] }, /HTTP client/],
  [{ headers: [["Host", "a\r\nX: y"]] }, /HTTP client/],
  [{ headers: [["Ho st", "a"]] }, /HTTP client/],
  [{ target: "/a b" }, /HTTP client/],
  [{ target: "/a\r\n\r\nPOST / HTTP/1.1" }, /HTTP client/],
  [{ target: "/\u0100" }, /HTTP client/],
])("of %j nothing but a plain GET or HEAD is sent", (more, why) => {
  const found = whyNotSent(asked("/", more));
  if (why === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(why);
});

test.each([
  ["shop.test", "shop.test"],
  ["Shop.TEST:8080", "shop.test"],
  ["shop.test.", "shop.test"],
  ["a_b.shop.test", "a_b.shop.test"],
  ["127.0.0.1", undefined],
  ["[::1]:80", undefined],
  ["", undefined],
  ["*.shop.test", undefined],
  ["a..b", undefined],
  ["a b", undefined],
  ["x".repeat(300), undefined],
])("the SNI for Host %j is %j", (host, name) => expect(serverNameOf(host)).toBe(name));

test("headerIn finds a header whatever its case", () =>
  expect(
    headerIn(
      [
        ["X-A", "1"],
        ["x-a", "2"],
      ],
      "x-a",
    ),
  ).toBe("1"));
