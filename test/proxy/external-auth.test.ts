import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { match } from "../../src/match/match.ts";
import { createAuthCache, MOST_REPLIES } from "../../src/proxy/decide/guards/auth-cache.ts";
import { compileCase } from "../support/compiled-case.ts";
import { exchangeRaw, headLines, openRaw, statusOf } from "../support/raw.ts";
import { deadPort, httpUpstream, testProxy } from "./support.ts";

const OPTIONS = {
  controller: "ingress-nginx",
  ingressClasses: ["nginx"],
  exact: false,
  echo: false,
} as const;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A proxy with one Ingress with these annotations; `answer` is its authentication service. */
async function asking(
  annotations: Readonly<Record<string, string>>,
  answer: Answer | number,
  path = "/verify",
  options = "",
) {
  const asked: IncomingMessage[] = [];
  const port =
    typeof answer === "number"
      ? answer
      : await httpUpstream((request, response) => {
          asked.push(request);
          answer(request, response);
        });
  const all = { "auth-url": `http://127.0.0.1:${port}${path}`, ...annotations };
  const lines = Object.entries(all).map(
    ([name, value]) => `    nginx.ingress.kubernetes.io/${name}: ${JSON.stringify(value)}`,
  );
  const text = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
${lines.join("\n")}
spec:
  ingressClassName: nginx
  rules: [{ host: a.test, http: { paths: [{ path: /p, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: more }
data: { X-Team: "blue on $host", X-Sent-From: somebody else }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data: { ${options} }`;
  const { table, close } = compileCase([{ file: "web.yaml", text }], OPTIONS);
  onTestFinished(close);
  let forwarded = 0;
  const backend = await httpUpstream((request, response) => {
    forwarded++;
    response.end(JSON.stringify(request.headers));
  });
  const server = await testProxy(backend, { decide: (facts) => match(table, facts) });
  const get = (more = "", target = "/p/a?b=c") =>
    exchangeRaw(server.port, `GET ${target} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${more}\r\n`);
  return { ...server, asked, get, forwarded: () => forwarded };
}

const yes: Answer = (_, response) => response.end();

test("the question carries what the template sets, the client's headers, and no body", async () => {
  const { port, asked } = await asking({ "auth-proxy-set-headers": "default/more" }, yes);
  const { text } = await exchangeRaw(
    port,
    "POST /p/%61?b=c HTTP/1.1\r\nHost: a.test:31000\r\nConnection: close\r\nContent-Length: 5\r\nCookie: s=1\r\n" +
      "X-Request-ID: 7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 9.9.9.9\r\nX-Own: 1\r\nX-Forwarded-Host: b.test\r\n\r\nhello",
  );
  expect(statusOf(text)).toBe(200);
  expect(asked.map(({ method, url }) => [method, url])).toEqual([["GET", "/verify"]]);
  const headers = asked[0]?.headers;
  expect(headers).toMatchObject({
    host: "127.0.0.1",
    "x-original-url": "http://a.test:31000/p/%61?b=c",
    "x-original-method": "POST",
    "x-real-ip": "127.0.0.1",
    "x-forwarded-for": "127.0.0.1",
    "x-auth-request-redirect": "/p/%61?b=c",
    "x-request-id": "7",
    "x-sent-from": "nginx-ingress-controller, somebody else", // two proxy_set_header are two lines to nginx
    "x-team": "blue on a.test",
    "x-own": "1",
    "x-forwarded-host": "b.test",
    cookie: "s=1",
  });
  for (const name of ["content-length", "x-forwarded-proto", "transfer-encoding"])
    expect(headers?.[name]).toBeUndefined();
});

test.each([
  // annotations                                      path         asked for                       extra
  [{ "auth-method": "POST" }, "/v", "POST /v", { "x-original-uri": "/p/a?b=c", "x-scheme": "http" }],
  [{ "auth-request-redirect": "/there" }, "/v", "GET /v", { "x-auth-request-redirect": "/there" }],
  [{}, "", "GET /_external-auth-L3Av-Prefix", {}],
  [{}, "?x=1", "GET /?x=1", {}],
  [{}, "/v?u=$request_uri&h=$http_x_key", "GET /v?u=/p/a?b=c&h=k", {}],
  // A subrequest has its own path and no query (tried on nginx 1.22).
  [{}, "/v$uri?$args&$arg_b&$is_args&$query_string", "GET /v/_external-auth-L3Av-Prefix?&&&", {}],
])("%j with auth-url …%s asks %s", async (annotations, path, line, extra) => {
  const { get, asked } = await asking(annotations, yes, path);
  await get("X-Key: k\r\n");
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([line]);
  expect(asked[0]?.headers).toMatchObject(extra);
});

test.each([
  ["", "127.0.0.1"],
  ['use-forwarded-headers: "true"', "9.9.9.9"],
  ['use-forwarded-headers: "true", compute-full-forwarded-for: "true"', "9.9.9.9, 127.0.0.1"],
])("with { %s } the service is told of %s", async (options, way) => {
  const { get, asked } = await asking({}, yes, "/v", options);
  await get("X-Forwarded-For: 9.9.9.9\r\n");
  expect(asked[0]?.headers["x-forwarded-for"]).toBe(way);
});

test("a service that is down, or hangs up, is 500, and the backend is never asked", async () => {
  const down = await asking({}, await deadPort());
  expect(statusOf((await down.get()).text)).toBe(500);
  expect((await down.hit(1))[0]?.why[0]?.text).toMatch(/could not be asked: connect ECONNREFUSED/);
  const rude = await asking({}, (request) => request.socket.destroy());
  expect(statusOf((await rude.get()).text)).toBe(500);
  expect([down.forwarded(), rude.forwarded()]).toEqual([0, 0]);
});

test("a client that leaves ends the question", async () => {
  let gone: () => void = () => {};
  const left = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const { port, asked, hit } = await asking({}, (request) => request.socket.on("close", () => gone()));
  const client = await openRaw(port);
  client.send("GET /p HTTP/1.1\r\nHost: a.test\r\n\r\n");
  await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(1);
  client.socket.destroy();
  expect((await hit(1))[0]?.status).toBe(499);
  await left;
});

test("a connection to the service that is closed at rest is no reason to refuse", async () => {
  const { get, asked } = await asking({}, (request, response) => {
    response.end();
    response.once("finish", () => setImmediate(() => request.socket.destroy()));
  });
  const statuses: number[] = [];
  for (let i = 0; i < 10; i++) statuses.push(statusOf((await get()).text));
  expect(statuses).toEqual(Array(10).fill(200));
  expect(asked.length).toBe(10);
});

test("the body of an answer, small or without end, is nobody's business", async () => {
  for (const size of [10, 10_000_000]) {
    const { get } = await asking({}, (_, response) => response.end(Buffer.alloc(size)));
    expect(statusOf((await get()).text)).toBe(200);
    expect(statusOf((await get()).text)).toBe(200);
  }
});

test("cookies of the service are one value, and go with what nginx adds headers to", async () => {
  const { get } = await asking({}, (request, response) => {
    response.setHeader("Set-Cookie", ["a=1; Path=/", "b=2"]);
    response.statusCode = request.headers["x-wish"] === "no" ? 401 : 200;
    response.end();
  });
  expect(headLines((await get()).text)).toContain("Set-Cookie: a=1; Path=/, b=2");
  expect((await get("X-Wish: no\r\n")).text).not.toContain("Set-Cookie");
});

describe("auth-cache-key", () => {
  test("asks once for each key", async () => {
    const { get, asked, forwarded } = await asking(
      { "auth-cache-key": "$http_x_key" },
      (request, response) => {
        response.statusCode = request.headers["x-key"] === "bad" ? 401 : 202;
        response.end();
      },
    );
    const statuses: number[] = [];
    for (const key of ["one", "one", "two", "bad", "bad"])
      statuses.push(statusOf((await get(`X-Key: ${key}\r\n`)).text));
    expect(statuses).toEqual([200, 200, 200, 401, 401]);
    expect([asked.length, forwarded()]).toEqual([3, 3]);
  });

  const DURATIONS = [{ statuses: [200, 401], ms: 1000 }];

  test.each([
    // status, headers                                        kept for ms   what the case shows
    [200, [], 1000, "the duration of its status"],
    [401, [], 1000, "of another"],
    [403, [], 0, "a status that is not named"],
    [200, [["Set-Cookie", "a=b"]], 0, "a cookie is for one client"],
    [200, [["Cache-Control", "private"]], 0, "what is private"],
    [200, [["Cache-Control", "no-store"]], 0, "what is not to be stored"],
    [200, [["Cache-Control", "max-age=3"]], 3000, "an age goes before the duration"],
    [403, [["Cache-Control", "public, max-age=3"]], 3000, "and before the status"],
    [200, [["Cache-Control", "max-age=3, s-maxage=5"]], 5000, "one for shared caches before that"],
    [200, [["Cache-Control", "max-age=0"]], 0, "an age of nothing"],
    [200, [["Vary", "Cookie"]], 0, "one that differs by a header"],
    [403, [["Expires", "Thu, 01 Jan 1970 00:00:04 GMT"]], 3000, "a date goes before the status"],
    [200, [["Expires", "Thu, 01 Jan 1970 00:00:00 GMT"]], 0, "a date that has passed"],
    [200, [["Expires", "0"]], 0, "a date that is none"],
    [
      200,
      [
        ["Expires", "0"],
        ["Cache-Control", "max-age=3"],
      ],
      3000,
      "an age goes before a date",
    ],
    [200, [["X-Accel-Expires", "0"]], 0, "nginx's own header"],
    [
      200,
      [
        ["X-Accel-Expires", "2"],
        ["Cache-Control", "no-store"],
      ],
      2000,
      "which goes before all others",
    ],
    [200, [["X-Accel-Expires", "@3"]], 2000, "and may be a time"],
  ] as const)("keeps %i with %j for %i ms: %s", (status, headers, ms, _) => {
    let now = 0;
    // The clock stands in the first second of 1970.
    const cache = createAuthCache(
      () => now,
      () => 1000,
    );
    cache.put("key", { status, headers }, DURATIONS);
    now = ms - 1;
    expect(cache.get("key")?.status).toBe(ms === 0 ? undefined : status);
    now = ms;
    expect(cache.get("key")).toBeUndefined();
  });

  test("keeps no more than so many", () => {
    const cache = createAuthCache(
      () => 0,
      () => 0,
    );
    for (let i = 0; i <= MOST_REPLIES; i++) cache.put(String(i), { status: 200, headers: [] }, DURATIONS);
    expect([cache.get("0"), cache.get("1")?.status]).toEqual([undefined, 200]);
  });
});
