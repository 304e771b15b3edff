import { connect as connectHttp2 } from "node:http2";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Decision, ForwardDecision } from "../../src/model/decision.ts";
import type { HitEvent } from "../../src/model/event.ts";
import type { Plane } from "../../src/model/plane.ts";
import type { Transport } from "../../src/model/route/transport.ts";
import type { AnswerDirectly } from "../../src/model/upstream/direct.ts";
import type { Upstream } from "../../src/model/upstream.ts";
import { NGINX } from "../../src/plane/nginx.ts";
import { PLAIN } from "../../src/plane/plain.ts";
import { createEchoService, type EchoService } from "../../src/upstream/echo.ts";
import { bodyOf, exchangeRaw, openRaw, statusOf } from "../support/raw.ts";
import { forwardAll, type TestProxy, testProxy } from "./support.ts";

const BACKEND = { namespace: "default", service: "web", port: { number: 80 } };
const POD = { namespace: "default", service: "web", pod: "web-0", port: 80 };

/** How often each way was taken. */
interface Ways {
  function: number;
  connection: number;
}

interface Counts extends Ways {
  stopped: number;
}

function echoPod(echo: EchoService, ways: Counts): Readonly<Record<keyof Ways, Upstream>> {
  const open = () => {
    ways.connection++;
    return echo.open(POD);
  };
  const answer: AnswerDirectly = (head, listener) => {
    ways.function++;
    const asked = echo.answer(POD, head, listener);
    return {
      body: (bytes) => asked.body(bytes),
      end: () => asked.end(),
      stop: () => {
        ways.stopped++;
        asked.stop();
      },
    };
  };
  const pod = { name: "echo/web-0", protocol: "http", basePath: "" } as const;
  return {
    function: { ...pod, connection: { kind: "stream", open, answer } },
    connection: { ...pod, connection: { kind: "stream", open } },
  };
}

interface Setting {
  readonly transport?: Partial<Transport>;
  readonly decision?: Partial<ForwardDecision>;
  readonly plane?: Plane;
  readonly exact?: "exact";
}

interface Echoing extends TestProxy {
  readonly echo: EchoService;
  readonly ways: Counts;
  /** Has the pod answer by its function where it can, or over connections alone. default: by the function */
  use(way: keyof Ways): void;
}

async function echoing(setting: Setting = {}): Promise<Echoing> {
  const echo = createEchoService();
  const ways = { function: 0, connection: 0, stopped: 0 };
  const upstreams = echoPod(echo, ways);
  let upstream = upstreams.function;
  const { transport, decision, plane = NGINX, exact = "local" } = setting;
  const decide = forwardAll(transport);
  const proxy = await testProxy(0, {
    decide: (facts) => ({ ...decide(facts), ...decision }) as Decision,
    resolve: () => ({ kind: "upstream", upstream }),
    plane: () => plane,
    exact,
  });
  onTestFinished(() => echo.close());
  const use = (way: keyof Ways) => {
    upstream = upstreams[way];
  };
  return { ...proxy, echo, ways, use };
}

/** What a client gets, and what is told, less what differs between two requests anyway. */
async function exchanged({ port, hit, hits }: Echoing, bytes: string) {
  const before = hits.length;
  const { text, ended } = await exchangeRaw(port, bytes);
  const answers = text.split(/^HTTP\/1\.1 [2-5]/m).length - 1;
  await hit(before + Math.max(answers, 1));
  const events = hits.slice(before).map(withoutTime);
  return { text: text.replace(/^Date: .*$/gm, "Date: now").replace(MADE_UP_ID, "r1"), ended, events };
}

const MADE_UP_ID = /\b[0-9a-f]{32}\b/g;

function withoutTime(hit: HitEvent): HitEvent {
  return { ...hit, id: "r1", time: 0, durationMs: 0 };
}

const START = "Host: a.test\r\nX-Request-ID: r1\r\n";
const CLOSE = `${START}Connection: close\r\n`;
const get = (target: string, lines = "", method = "GET") =>
  `${method} ${target} HTTP/1.1\r\n${CLOSE}${lines}\r\n`;
const post = (body: string, lines = "", method = "POST") =>
  get("/p", `${lines}Content-Length: ${body.length}\r\n`, method) + body;
const chunked = (...chunks: readonly string[]) =>
  get("/p", "Transfer-Encoding: chunked\r\n", "POST") +
  [...chunks, ""].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("");
const asked = (...wishes: readonly string[]) =>
  get(`/?${wishes.map((one) => `ingress-dev-${one}`).join("&")}`);

const METHODS = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "PROPFIND",
  "QUERY",
  "FOO",
  "A_B-C",
];
const STATUSES = [200, 201, 202, 204, 205, 206, 299, 301, 304, 400, 404, 418, 429, 499, 500, 503, 599];

const ORDINARY: readonly (readonly [what: string, bytes: string, setting?: Setting])[] = [
  ...METHODS.map((method) => [method, get("/a?b=1&c", "", method)] as const),
  ...METHODS.map((method) => [`${method} with a body`, post("hello", "", method)] as const),
  ...STATUSES.map((status) => [`status ${status}`, asked(`status=${status}`)] as const),
  ...STATUSES.map(
    (status) => [`HEAD, status ${status}`, asked(`status=${status}`).replace("GET", "HEAD")] as const,
  ),
  ["a path as it is sent", get("/%2F..//a%20b/./\u00ff?%zz=\u0080")],
  ["no query but its mark", get("/?")],
  ["a target in absolute form", get("http://b.test/x?y")],
  ["HTTP/1.0", "GET /old HTTP/1.0\r\nX-Request-ID: r1\r\n\r\n"],
  ["HTTP/1.0 with a body", "POST /old HTTP/1.0\r\nX-Request-ID: r1\r\nContent-Length: 2\r\n\r\nhi"],
  ["HTTP/0.9", "GET /old\r\n"],
  [
    "repeated headers and cookies",
    get("/", "X-A: 1\r\nx-a: 2\r\nCookie: a=1\r\nCookie: b=2\r\nAccept: */*\r\n"),
  ],
  ["bytes over 127", get("/", "X-Latin: caf\u00e9\r\nUser-Agent: \u00ff\r\n")],
  ["tabs around a value", get("/", "X-Tab: \ta\t\r\nX-Empty:\r\nX-Blanks:   \r\n")],
  [
    "names that objects have",
    get("/", "__proto__: 1\r\nconstructor: 2\r\nhasOwnProperty: 3\r\n9: x\r\n1: y\r\n"),
  ],
  ["900 headers", get("/", Array.from({ length: 900 }, (_, at) => `X-${at}: ${at}\r\n`).join(""))],
  [
    "lines of the decision",
    get("/"),
    {
      decision: {
        requestHeaders: [
          ["X-Set", "1"],
          ["Host", "c.test"],
        ],
      },
    },
  ],
  ["another method", post("hello"), { decision: { method: "GET" } }],
  [
    "an error page's request",
    get("/"),
    { decision: { errorPage: 503, requestHeaders: [["X-Code", "503"]] } },
  ],
  ["an error page's request with a body", chunked("hello"), { decision: { errorPage: 503 } }],
  ["a body of no length", post("")],
  ["chunks", chunked("hello ", "world")],
  ["chunks with a trailer", chunked("hello").replace(/\r\n\r\n$/, "\r\nX-T: 1\r\n\r\n")],
  ["no chunk at all", chunked()],
  ["as much as is shown", post("a".repeat(65_536))],
  ["one byte more", post("a".repeat(65_537))],
  ["300 KB in chunks", chunked(..."abc".split("").map((letter) => letter.repeat(100_000)))],
  ["a character that the limit cuts", post(`a${"\u00c3\u00bc".repeat(40_000)}`)],
  ["bytes that are no UTF-8", post("a\u00ff\u00c3")],
  ["100-continue", post("hello", "Expect: 100-continue\r\n")],
  [
    "a pipeline",
    `GET /1 HTTP/1.1\r\n${START}\r\n${post("two").replace("Connection: close\r\n", "")}${get("/3")}`,
  ],
  [
    "headers of the query",
    asked("header=X-A:1", "header=B:2", "header=x-a:3", "header=Set-Cookie:a", "header=set-cookie:b"),
  ],
  ["cookies of the query", asked("header=Cookie:a", "header=cookie:b")],
  ["a date of the query", asked("header=date:yesterday", "status=503")],
  ["headers that stay ours", asked("header=Content-Length:1", "header=Connection:close", "header=Trailer:X")],
  [
    "a head that is too big",
    asked(`header=X:${"x".repeat(5_000)}`),
    { transport: { buffers: { responseHeadBytes: 4_096 } } },
  ],
  ["a delay", asked("delay=5")],
  ["a delay that is too long", asked("delay=60000"), { transport: { readTimeoutMs: 30 } }],
  ["a delay where nothing is waited for", asked("delay=60000"), { transport: { readTimeoutMs: 0 } }],
  ["no delay where nothing is waited for", get("/"), { transport: { readTimeoutMs: 0 } }],
  [
    "a slow answer",
    asked("status=200"),
    {
      transport: {
        buffers: { response: "buffered" },
        limitRate: { bytesPerSecond: 1_000_000, afterBytes: 0 },
      },
    },
  ],
  ["a body over the limit", chunked("hello", "world"), { transport: { bodyLimit: 8 } }],
  ["a body that is read first", chunked("hello"), { transport: { buffers: { request: "gathered" } } }],
  ["a body by its length, as in the cluster", chunked("hello"), { exact: "exact" }],
  [
    "an upgrade without its header",
    get("/", "Upgrade: foo\r\n"),
    { decision: { requestHeaders: [["Upgrade", ""]] } },
  ],
  ["the plain plane", post("hello", "X-A: 1\r\nForwarded: for=b\r\n"), { plane: PLAIN }],
  ["TRACE by the plain plane", get("/", "", "TRACE"), { plane: PLAIN }],
  [
    "a status that is asked for once more",
    asked("status=503"),
    { transport: { nextUpstream: { conditions: new Set(["http_503"]), tries: 3, timeoutMs: 0 } } },
  ],
];

const RARE: readonly (readonly [what: string, bytes: string, setting?: Setting])[] = [
  ["an upgrade", get("/", "Upgrade: foo\r\n").replace("Connection: close", "Connection: upgrade")],
  ["an upgrade with a body", post("hello", "Upgrade: foo\r\n"), { exact: "exact" }],
  ["a head of 70,000 bytes", get("/"), { decision: { requestHeaders: [["X-Long", "x".repeat(70_000)]] } }],
  ["a line that is no header", get("/"), { decision: { requestHeaders: [["X-Odd", "a\r\nb: c"]] } }],
  ["a char that is no byte", get("/"), { decision: { requestHeaders: [["X-Odd", "\u20ac"]] } }],
  ["blanks around a value", get("/"), { decision: { requestHeaders: [["X-Odd", " a "]] } }],
  ["a name with a blank", get("/"), { decision: { requestHeaders: [["X Odd", "a"]] } }],
  ["a name with a colon", get("/"), { decision: { requestHeaders: [[":odd", "a"]] } }],
  ["an expectation", post("hello"), { decision: { requestHeaders: [["Expect", "100-continue"]] } }],
  ["a coding of the decision", get("/"), { decision: { requestHeaders: [["Transfer-Encoding", "gzip"]] } }],
  ["a length of the decision", post("hello"), { decision: { requestHeaders: [["Content-Length", "abc"]] } }],
  ["DEL in the path", get("/"), { decision: { upstreamPath: "/a\x7fb" } }],
];

describe.each([
  { way: "function", rows: ORDINARY },
  { way: "connection", rows: RARE },
] as const)("answered by a $way, and by a connection to the same byte", ({ way, rows }) => {
  test.each(rows.map(([what, bytes, setting]) => ({ what, bytes, setting })))("$what", async ({
    bytes,
    setting,
  }) => {
    const proxy = await echoing(setting);
    const answer = await exchanged(proxy, bytes);
    expect(answer.text).not.toBe("");
    expect(proxy.ways.function > 0).toBe(way === "function");
    if (way === "function") expect(proxy.ways.connection).toBe(0);
    proxy.use("connection");
    expect(answer).toEqual(await exchanged(proxy, bytes));
  });
});

test("any other request is answered alike by both", async () => {
  const proxy = await echoing();
  const byte = (from: number, to: number) =>
    fc.integer({ min: from, max: to }).map((code) => String.fromCharCode(code));
  const text = (unit: fc.Arbitrary<string>, maxLength: number) => fc.string({ unit, maxLength });
  const name = fc.oneof(
    text(byte(0x21, 0xff), 8),
    // None that would have the connection wait for more.
    fc.constantFrom("Cookie", "Expect", "Upgrade", "x-a", "X-A", "X-Forwarded-For", "If-Match"),
  );
  const value = fc.oneof(text(byte(0x01, 0xff), 12), fc.constantFrom("a, b", "websocket", "100-continue"));
  const line = fc.tuple(name, value).map(([one, other]) => `${one}: ${other}\r\n`);
  const lines = fc.array(line, { maxLength: 4 }).map((all) => all.join(""));
  const target = text(byte(0x21, 0xff), 12).map((end) => `/${end}`);
  const body = text(byte(0x00, 0xff), 20);
  const request = fc.oneof(
    fc.tuple(target, lines, fc.constantFrom(...METHODS)).map((parts) => get(...parts)),
    fc.tuple(body, lines, fc.constantFrom(...METHODS)).map((parts) => post(...parts)),
    fc
      .array(
        body.filter((chunk) => chunk !== ""),
        { maxLength: 3 },
      )
      .map((chunks) => chunked(...chunks)),
  );
  await fc.assert(
    fc.asyncProperty(request, async (bytes) => {
      proxy.use("function");
      const answer = await exchanged(proxy, bytes);
      proxy.use("connection");
      expect(answer).toEqual(await exchanged(proxy, bytes));
    }),
    { numRuns: 200, endOnFailure: true },
  );
  expect(proxy.ways.function).toBeGreaterThan(50);
}, 60_000);

test.each(["function", "connection"] as const)("the same by HTTP/2, by a %s", async (by) => {
  const { proxy, ways, use } = await echoing();
  use(by);
  const client = connectHttp2(`https://127.0.0.1:${proxy.https.port}`, { rejectUnauthorized: false });
  onTestFinished(() => client.destroy());
  const request = client.request({
    ":path": "/a?b",
    ":method": "POST",
    host: "a.test",
    cookie: ["a=1", "b=2"],
  });
  request.end("hello");
  const json = JSON.parse(Buffer.concat(await request.toArray()).toString());
  expect(json).toMatchObject({
    method: "POST",
    path: "/a",
    query: "b",
    proto: "HTTP/1.1",
    body: "hello",
    bodyBytes: 5,
  });
  expect(json.headers).toMatchObject({ cookie: "a=1; b=2", "transfer-encoding": "chunked" });
  expect(ways[by]).toBe(1);
});

describe("a function that does not answer at once", () => {
  const SLOW = asked("delay=60000");

  test("is waited for as long as it may take", async () => {
    const { port } = await echoing({ transport: { readTimeoutMs: 10_000 } });
    expect(statusOf((await exchangeRaw(port, asked("delay=50"))).text)).toBe(200);
  });

  test("is stopped when its client leaves, and nobody hears of it again", async () => {
    const { port, hit, ways } = await echoing();
    const client = await openRaw(port);
    client.send(SLOW);
    while (ways.function === 0) await new Promise(setImmediate);
    client.socket.destroy();
    expect(await hit(1)).toMatchObject([{ status: 499, error: "the client closed the connection" }]);
    expect(ways.stopped).toBe(1);
  });

  test("fails when the service closes, as later ones do: 502", async () => {
    const { port, hit, ways, echo } = await echoing();
    const waiting = exchangeRaw(port, SLOW);
    while (ways.function === 0) await new Promise(setImmediate);
    await echo.close();
    expect(statusOf((await waiting).text)).toBe(502);
    expect(statusOf((await exchangeRaw(port, get("/"))).text)).toBe(502);
    expect(await hit(2)).toMatchObject([
      { status: 502 },
      { status: 502, error: "the echo service is closed" },
    ]);
  });
});

test.each([
  ["without a body", get("/"), undefined],
  ["with its body", post("hello"), "sent"],
  ["with its body left out", post("hello"), "left-out"],
] as const)("a copy %s is answered by the function too", async (_what, bytes, body = "sent") => {
  const mirror = { scheme: "http", host: "b.test", path: "/copy", to: BACKEND, body } as const;
  const proxy = await echoing({ decision: { mirrors: [mirror] } });
  expect(statusOf((await exchangeRaw(proxy.port, bytes)).text)).toBe(200);
  expect(proxy.ways).toMatchObject({ function: 2, connection: 0 });
});

test("a client that leaves within its body ends the request alone", async () => {
  const { port, hit, ways } = await echoing();
  const client = await openRaw(port);
  client.send(`POST / HTTP/1.1\r\n${START}Content-Length: 10\r\n\r\nhalf`);
  while (ways.function === 0) await new Promise(setImmediate);
  client.socket.destroy();
  expect(await hit(1)).toMatchObject([{ status: 400 }]);
  expect(statusOf((await exchangeRaw(port, get("/"))).text)).toBe(200);
});

test("a body that comes slowly is read to its end", async () => {
  const { port } = await echoing();
  const client = await openRaw(port);
  client.send(get("/p", "Content-Length: 6\r\n", "POST"));
  for (const letter of "abcdef") {
    await new Promise(setImmediate);
    client.send(letter);
  }
  const { text } = await client.end();
  expect(JSON.parse(bodyOf(text))).toMatchObject({ body: "abcdef", bodyBytes: 6 });
});
