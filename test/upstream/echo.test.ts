import { once } from "node:events";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answerOptionsOf } from "../../src/upstream/echo/answer.ts";
import { createEchoService, type EchoPod, type EchoService } from "../../src/upstream/echo.ts";
import { type Ask, type StreamClient, streamClient } from "../support/stream-client.ts";

const POD: EchoPod = { namespace: "shop", service: "web", pod: "web-1", port: 80 };

let echo: EchoService;
let opened = 0;
const clients: StreamClient[] = [];

beforeEach(() => {
  echo = createEchoService();
  opened = 0;
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await echo.close();
});

/** The proxy's own HTTP client over echo connections. */
function clientOf(pod = POD): StreamClient {
  const client = streamClient(() => {
    opened++;
    return echo.open(pod);
  });
  clients.push(client);
  return client;
}

async function ask(path: string, options: Partial<Ask> = {}, client = clientOf()) {
  const answer = await client.ask({ path, ...options });
  return { ...answer, json: () => JSON.parse(answer.text) };
}

/** Sends raw bytes and returns everything until the connection closes. */
async function raw(bytes: string): Promise<string> {
  const connection = await echo.open(POD);
  connection.write(bytes, "latin1");
  return Buffer.concat(await connection.toArray()).toString("latin1");
}

const CLOSE = "Connection: close\r\n";
const CHUNKED = `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n${CLOSE}\r\n2\r\nhi\r\n0\r\nX-T: 1\r\n\r\n`;
const post = (header: string) => `POST / HTTP/1.1\r\nHost: a\r\n${header}Content-Length: 2\r\n${CLOSE}\r\nhi`;
const upgrade = (protocol: string) =>
  `GET / HTTP/1.1\r\nHost: a\r\nUpgrade: ${protocol}\r\nConnection: upgrade\r\n\r\n`;

describe("the answer", () => {
  test("is the contract, field by field, in its order", async () => {
    const { status, headers, text } = await ask("/cart%2Fa/../b?x=1&y=?", {
      method: "POST",
      headers: [
        "Host",
        "www.shop.test:31000",
        "X-Forwarded-Proto",
        "https",
        "X-A",
        "1",
        "x-a",
        "2",
        "Cookie",
        "a=1",
        "Cookie",
        "b=2",
      ],
      body: "grüß",
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": ["application/json"],
      "x-ingress-dev-upstream": ["echo"],
    });
    expect(text).toBe(
      JSON.stringify({
        namespace: "shop",
        service: "web",
        pod: "web-1",
        port: 80,
        method: "POST",
        path: "/cart%2Fa/../b",
        query: "x=1&y=?",
        host: "www.shop.test:31000",
        proto: "HTTP/1.1",
        scheme: "https",
        headers: {
          host: "www.shop.test:31000",
          connection: "keep-alive",
          "x-forwarded-proto": "https",
          "x-a": "1, 2",
          cookie: "a=1; b=2",
          "content-length": "6",
        },
        body: "grüß",
        bodyBytes: 6,
      }),
    );
  });

  test("has empty fields rather than none", async () => {
    expect((await ask("/")).json()).toMatchObject({ query: "", scheme: "http", body: "", bodyBytes: 0 });
  });

  test.each([
    ["OPTIONS"],
    ["PUT"],
    ["PATCH"],
    ["DELETE"],
    ["TRACE"],
    ["PROPFIND"],
    ["QUERY"],
  ])("%s", async (method) => {
    expect(await raw(`${method} /p HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)).toContain(
      `"method":"${method}"`,
    );
  });

  const OURS = "X-Ingress-Dev-Upstream: echo";
  const JSON_OF = (length: number) => `Content-Type: application/json, Content-Length: ${length}`;
  // Recorded from Node's own server, by which these heads were once written.
  test.each([
    ["GET", "status=204", `204 No Content, ${OURS}, Date: now`],
    ["GET", "status=205", `205 Reset Content, ${OURS}, Content-Length: 0, Date: now`],
    ["GET", "status=304", `304 Not Modified, ${OURS}, Date: now`],
    ["HEAD", "status=200", `200 OK, ${OURS}, ${JSON_OF(234)}, Date: now`],
    ["HEAD", "status=205", `205 Reset Content, ${OURS}, Content-Length: 0, Date: now`],
    ["GET", "status=299", `299 unknown, ${OURS}, ${JSON_OF(233)}, Date: now`],
    ["GET", "header=date:a&ingress-dev-header=X:1", `200 OK, date: a, X: 1, ${OURS}, ${JSON_OF(259)}`],
    [
      "GET",
      "header=Cookie:a&ingress-dev-header=X-A:1&ingress-dev-header=cookie:b&ingress-dev-header=x-a:2",
      `200 OK, Cookie: a; b, X-A: 1, X-A: 2, ${OURS}, ${JSON_OF(316)}, Date: now`,
    ],
    [
      "GET",
      "header=Set-Cookie:a&ingress-dev-header=set-cookie:b",
      `200 OK, Set-Cookie: a, Set-Cookie: b, ${OURS}, ${JSON_OF(274)}, Date: now`,
    ],
  ])("%s with ingress-dev-%s has the head %s", async (method, query, head) => {
    const answer = await raw(`${method} /?ingress-dev-${query} HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`);
    const [lines = "", body = ""] = answer.replace(/^Date: .* GMT$/m, "Date: now").split("\r\n\r\n");
    expect(lines.replaceAll("\r\n", ", ")).toBe(`HTTP/1.1 ${head}, Connection: close`);
    const length = /Content-Length: (\d+)/.exec(lines)?.[1] ?? "0";
    expect(body.length).toBe(method === "HEAD" ? 0 : Number(length));
  });

  test("HEAD has the length and no body", async () => {
    const get = await raw(`GET / HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`);
    const head = await raw(`HEAD / HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`);
    const length = get.length - get.indexOf("\r\n\r\n") - 4;
    expect(head).toContain(`Content-Length: ${length + "HEAD".length - "GET".length}\r\n`);
    expect(head.endsWith("\r\n\r\n")).toBe(true);
  });

  test.each([
    ["__proto__", "x", "a name that objects have"],
    ["constructor", "y", "another"],
    ["x-latin", "caf\u00e9", "bytes over 127, one char a byte"],
    ["x-empty", "", "no value"],
  ])("header %s: %j (%s)", async (name, value) => {
    const answer = await raw(`GET / HTTP/1.1\r\nHost: a\r\n${name}: ${value}\r\nConnection: close\r\n\r\n`);
    const json = JSON.parse(
      Buffer.from(answer.slice(answer.indexOf("\r\n\r\n") + 4), "latin1").toString("utf8"),
    );
    expect(Object.entries(json.headers)).toContainEqual([name, value]);
  });

  test("3,000 headers and 300 KB of them", async () => {
    const lines = Array.from({ length: 3000 }, (_, at) => `X-${at}: ${"v".repeat(90)}\r\n`).join("");
    const answer = await raw(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines}\r\n`);
    expect(answer).toContain('"x-2999":"vvv');
  });

  test.each([
    {
      what: "HTTP/1.0",
      bytes: "GET /old HTTP/1.0\r\n\r\n",
      start: "HTTP/1.1 200 OK",
      part: '"proto":"HTTP/1.0"',
    },
    {
      what: "no Host",
      bytes: `GET /nohost HTTP/1.1\r\n${CLOSE}\r\n`,
      start: "HTTP/1.1 200 OK",
      part: '"host":""',
    },
    {
      what: "OPTIONS *",
      bytes: `OPTIONS * HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`,
      start: "HTTP/1.1 200 OK",
      part: '"path":"*"',
    },
    {
      what: "100-continue",
      bytes: post("Expect: 100-continue\r\n"),
      start: "HTTP/1.1 100 Continue",
      part: '"body":"hi"',
    },
    {
      what: "another expectation",
      bytes: post("Expect: wonders\r\n"),
      start: "HTTP/1.1 200 OK",
      part: '"body":"hi"',
    },
    {
      what: "a chunked body with a trailer",
      bytes: CHUNKED,
      start: "HTTP/1.1 200 OK",
      part: '"bodyBytes":2',
    },
    {
      what: "a pipeline",
      bytes: `GET /1 HTTP/1.1\r\nHost: a\r\n\r\n${post("")}`,
      start: "HTTP/1.1 200 OK",
      part: '"body":"hi"',
    },
    {
      what: "no HTTP",
      bytes: "GET / JUNK\r\n\r\n",
      start: "HTTP/1.1 400 Bad Request",
      part: "not an HTTP request",
    },
    {
      what: "a method unknown to Node",
      bytes: "FOO / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      start: "HTTP/1.1 200 OK",
      part: '"method":"FOO"',
    },
    {
      what: "CONNECT",
      bytes: "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
      start: "HTTP/1.1 405 Method Not Allowed",
      part: "no proxy",
    },
    {
      what: "a header of 1.1 MB",
      bytes: `GET / HTTP/1.1\r\nX: ${"x".repeat(1_100_000)}\r\n\r\n`,
      start: "HTTP/1.1 431 Request",
      part: "1 MiB",
    },
    {
      what: "an upgrade to another protocol",
      bytes: upgrade("foo/1"),
      start: "HTTP/1.1 426 Upgrade Required",
      part: "WebSocket only",
    },
    {
      what: "an upgrade without a key",
      bytes: upgrade("websocket"),
      start: "HTTP/1.1 400 Bad Request",
      part: "Sec-WebSocket-Key",
    },
  ])("$what is answered $start", async ({ bytes, start, part }) => {
    const answer = await raw(bytes);
    expect(answer.slice(0, start.length)).toBe(start);
    expect(answer).toContain(part);
  });
});

describe("the body", () => {
  test.each([
    { what: "as much as is shown", sent: Buffer.from("a".repeat(65_536)), chars: 65_536 },
    { what: "one byte more", sent: Buffer.from("a".repeat(65_537)), chars: 65_536 },
    {
      what: "a character that the limit cuts is left out",
      sent: Buffer.from(`a${"ü".repeat(40_000)}`),
      chars: 32_768,
    },
    { what: "bytes that are no UTF-8 are U+FFFD", sent: Buffer.from([0x61, 0xff, 0xc3]), chars: 3 },
  ])("$what: $chars characters", async ({ sent, chars }) => {
    const json = (await ask("/", { method: "POST", body: sent })).json();
    expect({ chars: json.body.length, bytes: json.bodyBytes }).toEqual({ chars, bytes: sent.length });
    expect(json.body).toBe(sent.toString("utf8").slice(0, chars));
  });

  test("of 256 MiB is counted, not kept", async () => {
    let most = 0;
    // One piece for all, so that only copies count: how soon old pieces are collected differs between versions of Node.js.
    const piece = Buffer.alloc(1_048_576, "x");
    const chunks = Readable.from(
      (function* () {
        for (let at = 0; at < 256; at++) {
          most = Math.max(most, process.memoryUsage().arrayBuffers);
          yield piece;
        }
      })(),
    );
    const before = process.memoryUsage().arrayBuffers;
    const json = (await ask("/", { method: "PUT", body: chunks })).json();
    expect(json.bodyBytes).toBe(268_435_456);
    expect(json.body).toBe("x".repeat(65_536));
    expect(most - before).toBeLessThan(128 * 1_048_576);
  });
});

describe("wishes in the query", () => {
  test.each([
    ["", 200, 0],
    ["ingress-dev-status=503", 503, 0],
    ["a=b&ingress-dev-status=418&c", 418, 0],
    ["ingress-dev-status=199", 200, 0],
    ["ingress-dev-status=600", 200, 0],
    ["ingress-dev-status=abc", 200, 0],
    ["ingress-dev-status=5030", 200, 0],
    ["ingress-dev-status=", 200, 0],
    ["ingress-dev-delay=250", 200, 250],
    ["ingress-dev-delay=60001", 200, 60_000],
    ["ingress-dev-delay=999999999999999999999999", 200, 60_000],
    ["ingress-dev-delay=-1", 200, 0],
    ["ingress-dev-delay=1e3", 200, 0],
    ["ingress-dev-delay=10&ingress-dev-status=500", 500, 10],
    ["x-ingress-dev-status=503", 200, 0],
  ])("%j: status %i after %i ms", (query, status, delayMs) => {
    expect(answerOptionsOf(query)).toEqual({ status, delayMs, headers: [] });
  });

  test.each([
    ["ingress-dev-header=Location:/a%3Fb", [["Location", "/a?b"]]],
    [
      "ingress-dev-header=Set-Cookie:+a=1&x&ingress-dev-header=Set-Cookie:b=2%3B+Path=/",
      [
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2; Path=/"],
      ],
    ],
    ["ingress-dev-header=Content-Length:5&ingress-dev-header=Transfer-Encoding:chunked", []],
    ["ingress-dev-header=X-A:1%0d%0aX-B:2&ingress-dev-header=X%20A:1&ingress-dev-header=X-A", []],
  ])("%j: headers %j", (query, headers) => expect(answerOptionsOf(query).headers).toEqual(headers));

  test("headers that are asked for are sent, each as often as it is", async () => {
    const { headers } = await ask("/?ingress-dev-header=X-A:1&ingress-dev-header=X-A:2");
    expect(headers["x-a"]).toEqual(["1", "2"]);
  });

  test.each([
    [200],
    [201],
    [204],
    [205],
    [304],
    [404],
    [500],
    [503],
    [599],
  ])("status %i is sent, and the connection goes on", async (status) => {
    const client = clientOf();
    const first = await ask(`/?ingress-dev-status=${status}`, {}, client);
    expect(first.status).toBe(status);
    expect(first.headers["x-ingress-dev-upstream"]).toEqual(["echo"]);
    expect(first.text === "").toBe([204, 205, 304].includes(status));
    expect((await ask("/", {}, client)).status).toBe(200);
    expect(opened).toBe(1);
  });

  test("a delay holds the answer back", async () => {
    const start = performance.now();
    await ask("/?ingress-dev-delay=60");
    expect(performance.now() - start).toBeGreaterThan(55);
  });

  test("a client that goes cancels its delay", async () => {
    const set = vi.spyOn(globalThis, "setTimeout");
    const cleared = vi.spyOn(globalThis, "clearTimeout");
    const delay = () => set.mock.results.find((_, at) => set.mock.calls[at]?.[1] === 54_321)?.value;
    const connection = await echo.open(POD);
    connection.write("GET /?ingress-dev-delay=54321 HTTP/1.1\r\nHost: a\r\n\r\n");
    await vi.waitUntil(delay);
    connection.destroy();
    await vi.waitUntil(() => cleared.mock.calls.some(([timer]) => timer === delay()));
    vi.restoreAllMocks();
  });
});

describe("connections", () => {
  test("are kept alive, and keep their pod", async () => {
    const clients = [clientOf(), clientOf({ ...POD, pod: "web-2", port: "http" })];
    for (let turn = 0; turn < 50; turn++) {
      const answers = await Promise.all(clients.map((client) => ask(`/${turn}`, {}, client)));
      expect(answers.map((one) => one.json())).toMatchObject([
        { pod: "web-1", port: 80, path: `/${turn}` },
        { pod: "web-2", port: "http", path: `/${turn}` },
      ]);
      expect(answers[0]?.headers).not.toHaveProperty("keep-alive");
    }
    expect(opened).toBe(2);
  });

  test("close at the client's end too when the server has ended", async () => {
    const connection = await echo.open(POD);
    const closed = once(connection, "close");
    connection.write(`GET / HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`);
    connection.resume();
    await closed;
  });

  test("a request that is aborted fails alone; the next has a new connection", async () => {
    const client = clientOf();
    const abort = new AbortController();
    const held = ask("/?ingress-dev-delay=60000", { signal: abort.signal }, client);
    while (opened === 0) await new Promise(setImmediate);
    abort.abort();
    await expect(held).rejects.toThrow("aborted");
    expect((await ask("/", {}, client)).status).toBe(200);
  });

  test("closing the service fails what is held, and opens no more", async () => {
    const client = clientOf();
    const connection = await echo.open(POD);
    const closed = once(connection, "close");
    const held = ask("/?ingress-dev-delay=60000", {}, client);
    const failed = expect(held).rejects.toThrow(/closed/);
    while (opened === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    await echo.close();
    await echo.close();
    await Promise.all([failed, closed]);
    await expect(echo.open(POD)).rejects.toThrow("the echo service is closed");
  });

  test("an upload that is broken off disturbs nobody", async () => {
    for (let turn = 0; turn < 100; turn++) {
      const connection = await echo.open(POD);
      connection.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf");
      if (turn % 2 === 0) connection.destroy();
      else connection.destroy(new Error("gone")).on("error", () => {});
    }
    expect((await ask("/")).status).toBe(200);
  });
});
