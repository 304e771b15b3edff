import { expect, test } from "vitest";
import { textsOf } from "../../src/model/reason.ts";
import { bodyOf, exchangeRaw, headLines, openRaw, statusOf } from "../support/raw.ts";
import { ingressWith, serveManifests } from "./served.ts";
import { deadPort, httpUpstream, onHead, rawUpstream } from "./support.ts";

/** The request that an error backend received; it answers with its own status. */
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

async function errorBackend(status: number): Promise<{ port: number; seen: Seen[] }> {
  const seen: Seen[] = [];
  const port = await httpUpstream((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push({ method, url, headers, body });
      response.writeHead(status, { "X-Page": "1", "Content-Type": "text/plain" }).end("sorry");
    });
  });
  return { port, seen };
}

const answering = (status: number, headers: Readonly<Record<string, string>> = {}) =>
  httpUpstream((request, response) => {
    request.resume().on("end", () => response.writeHead(status, headers).end("the backend's own page"));
  });

const ANNOTATIONS = { "custom-http-errors": "401,404,502,503", "default-backend": "errors" };
const ask = (port: number, line: string, rest = "\r\n") =>
  exchangeRaw(port, `${line} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${rest}`);

test("a status of the backend's is answered for: method, body, query, headers, and the page's own status", async () => {
  const errors = await errorBackend(200);
  const { port, hit } = await serveManifests(ingressWith(ANNOTATIONS), {
    web: await answering(404, { "X-Own": "1", "Set-Cookie": "a=1" }),
    errors: errors.port,
  });
  const { text } = await ask(
    port,
    "POST /a%20b?c=d",
    "Accept: text/css\r\nX-Mine: 2\r\nX-Request-ID: abc\r\nContent-Length: 5\r\n\r\nhello",
  );
  expect(statusOf(text)).toBe(200);
  expect(bodyOf(text)).toContain("sorry");
  expect(headLines(text)).toContain("X-Page: 1");
  expect(text).not.toMatch(/x-own|set-cookie/i);
  expect(errors.seen).toEqual([expect.objectContaining({ method: "POST", url: "/?c=d", body: "hello" })]);
  expect(errors.seen[0]?.headers).toEqual({
    "x-code": "404",
    "x-format": "text/css",
    "x-original-uri": "/a%20b?c=d",
    "x-namespace": "default",
    "x-ingress-name": "web",
    "x-service-name": "web",
    "x-service-port": "80",
    "x-request-id": "abc",
    "x-forwarded-for": "127.0.0.1",
    "x-mine": "2",
    accept: "text/css",
    host: "a.test",
    connection: "close",
    "content-length": "5",
  });
  expect(await hit(1)).toMatchObject([
    {
      status: 200,
      path: "/a%20b?c=d",
      upstreamPath: "/?c=d",
      backend: { service: "errors" },
      upstream: `127.0.0.1:${errors.port}`,
      why: [
        expect.objectContaining({
          text: "the annotation default-backend of Ingress default/web (errors) answers for the error",
        }),
        expect.objectContaining({
          text: "the annotation custom-http-errors of Ingress default/web hands 404 to another backend",
        }),
        expect.objectContaining({ text: "the Service default/web answered 404" }),
        expect.anything(),
        expect.anything(),
        expect.anything(),
        expect.anything(),
      ],
    },
  ]);
});

test.each([
  ["refused here", { "denylist-source-range": "127.0.0.1" }, "403"],
  ["answered by the backend", {}, "404"],
])("a body without a length has one by HTTP/1.0, which has no chunks: %s", async (_, annotations, code) => {
  const errors = await errorBackend(200);
  const all = { ...ANNOTATIONS, "custom-http-errors": "403,404", ...annotations };
  const { port } = await serveManifests(ingressWith(all), { web: await answering(404), errors: errors.port });
  const { text } = await ask(port, "POST /", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  expect(statusOf(text)).toBe(200);
  const [seen] = errors.seen;
  expect(seen?.headers).toMatchObject({ "x-code": code, "content-length": "5" });
  expect([seen?.headers["transfer-encoding"], seen?.body]).toEqual([undefined, "hello"]);
});

test("a 401 keeps its challenge, and the page's comes beside it", async () => {
  const errors = await errorBackend(401);
  const { port } = await serveManifests(ingressWith(ANNOTATIONS), {
    web: await answering(401, { "WWW-Authenticate": "Basic realm=x", "X-Own": "1" }),
    errors: errors.port,
  });
  const { text } = await ask(port, "GET /");
  expect(statusOf(text)).toBe(401);
  expect(headLines(text).filter((line) => /^(?:www-auth|x-own)/i.test(line))).toEqual([
    "WWW-Authenticate: Basic realm=x",
  ]);
});

test.each([
  ["a backend that refuses connections", 502, "502"],
  ["a status that is not listed", 500, undefined],
])("%s: %i", async (_, status, code) => {
  const errors = await errorBackend(410);
  const web = status === 502 ? await deadPort() : await answering(status);
  const { port } = await serveManifests(ingressWith(ANNOTATIONS), { web, errors: errors.port });
  const { text } = await ask(port, "GET /");
  expect(statusOf(text)).toBe(code === undefined ? status : 410);
  expect(errors.seen.map(({ headers }) => headers["x-code"])).toEqual(code === undefined ? [] : [code]);
});

test("disable-proxy-intercept-errors leaves the backend's statuses alone, nginx's own are answered for", async () => {
  const errors = await errorBackend(200);
  const annotations = { ...ANNOTATIONS, "disable-proxy-intercept-errors": "true" };
  const { port } = await serveManifests(ingressWith(annotations), {
    web: await answering(404),
    errors: errors.port,
  });
  expect(statusOf((await ask(port, "GET /")).text)).toBe(404);
  const dead = await serveManifests(ingressWith(annotations), { web: await deadPort(), errors: errors.port });
  expect(statusOf((await ask(dead.port, "GET /")).text)).toBe(200);
});

test("an error backend that fails is not answered for again: nginx's own page (recursive_error_pages off)", async () => {
  const { port, hit } = await serveManifests(ingressWith(ANNOTATIONS), {
    web: await answering(503),
    errors: await deadPort(),
  });
  const { text } = await ask(port, "GET /");
  expect(statusOf(text)).toBe(502);
  expect(text).toContain("<h1>502 Bad Gateway</h1>");
  expect((await hit(1))[0]).toMatchObject({ status: 502, error: expect.stringContaining("ECONNREFUSED") });
});

test("an error of the error backend goes to the client, listed or not", async () => {
  const errors = await errorBackend(503);
  const { port } = await serveManifests(ingressWith(ANNOTATIONS), {
    web: await answering(404),
    errors: errors.port,
  });
  const { text } = await ask(port, "GET /");
  expect(statusOf(text)).toBe(503);
  expect(bodyOf(text)).toContain("sorry");
  expect(errors.seen).toHaveLength(1);
});

test("without a default-backend the controller's own answers: 404", async () => {
  const { port, hit } = await serveManifests(ingressWith({ "custom-http-errors": "503" }), {
    web: await answering(503),
  });
  const { text } = await ask(port, "GET /");
  expect(statusOf(text)).toBe(404);
  expect(text).toContain("<h1>404 Not Found</h1>");
  expect(text).not.toContain("the backend's own page");
  expect(textsOf((await hit(1))[0]?.why ?? []).slice(0, 3)).toEqual([
    "the controller's own default backend answers, with 404: there is no default-backend beside it",
    "the annotation custom-http-errors of Ingress default/web hands 503 to another backend",
    "the Service default/web answered 503",
  ]);
});

test("a HEAD stays one, and the connection goes on", async () => {
  const errors = await errorBackend(404);
  const { port } = await serveManifests(ingressWith(ANNOTATIONS), {
    web: await answering(404),
    errors: errors.port,
  });
  const client = await openRaw(port);
  client.send("HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n");
  await client.until((text) => text.endsWith("\r\n\r\n"));
  client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
  await client.until((text) => text.includes("sorry"));
  client.socket.destroy();
  expect(errors.seen.map(({ method }) => method)).toEqual(["HEAD", "GET"]);
});

test("a body of which more was sent than is kept goes to the backend alone", async () => {
  const errors = await errorBackend(200);
  const annotations = { ...ANNOTATIONS, "proxy-body-size": "0" };
  const { port } = await serveManifests(ingressWith(annotations), {
    web: await answering(404),
    errors: errors.port,
  });
  const size = 1_048_577;
  const { text } = await ask(port, "POST /", `Content-Length: ${size}\r\n\r\n${"x".repeat(size)}`);
  expect(statusOf(text)).toBe(200);
  expect(errors.seen).toEqual([expect.objectContaining({ method: "POST", body: "" })]);
  expect(errors.seen[0]?.headers["content-length"]).toBe("0");
});

test("a body that announces too much is answered for by what is known before the location (measured on the real controller)", async () => {
  const errors = await errorBackend(200);
  const annotations = { "custom-http-errors": "413", "default-backend": "errors", "proxy-body-size": "1k" };
  const { port } = await serveManifests(ingressWith(annotations), {
    web: await answering(200),
    errors: errors.port,
  });
  const { text } = await ask(
    port,
    "POST /x?y",
    `Accept: a/b\r\nContent-Length: 3000\r\n\r\n${"x".repeat(3000)}`,
  );
  expect(statusOf(text)).toBe(200);
  expect(errors.seen[0]).toEqual({
    method: "POST",
    url: "/?y",
    headers: {
      "x-code": "413",
      "x-format": "a/b",
      "x-original-uri": "/x?y",
      "x-request-id": expect.any(String),
      "x-forwarded-for": "127.0.0.1",
      connection: "close",
      "content-length": "0",
      accept: "a/b",
    },
    body: "",
  });
});

test("an upgrade that the backend declines with a listed status is answered for", async () => {
  const errors = await errorBackend(200);
  const web = await rawUpstream((socket) =>
    onHead(socket, () => socket.write("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nown")),
  );
  const { port, hit } = await serveManifests(ingressWith(ANNOTATIONS), { web, errors: errors.port });
  const { text } = await exchangeRaw(
    port,
    "GET /ws HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  expect(statusOf(text)).toBe(200);
  expect(bodyOf(text)).toContain("sorry");
  expect(errors.seen[0]?.headers).toMatchObject({ "x-code": "404", "x-original-uri": "/ws" });
  expect(await hit(1)).toMatchObject([{ status: 200, backend: { service: "errors" } }]);
});

test("a client that leaves while its error is answered for breaks that off", async () => {
  let asked = false;
  let left = false;
  const errors = await rawUpstream((socket) => {
    onHead(socket, () => {
      asked = true;
    });
    socket.on("close", () => {
      left = true;
    });
  });
  const { port, hit } = await serveManifests(ingressWith(ANNOTATIONS), { web: await answering(404), errors });
  const client = await openRaw(port);
  client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
  await expect.poll(() => asked, { timeout: 10_000 }).toBe(true);
  client.socket.destroy();
  expect(await hit(1)).toMatchObject([{ status: 499 }]);
  await expect.poll(() => left, { timeout: 10_000 }).toBe(true);
});

test("a backend that answers before it has read the body: the error backend gets all of it", async () => {
  const errors = await errorBackend(200);
  const web = await rawUpstream((socket) =>
    socket.once("data", () => {
      socket.write("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nown");
      socket.pause();
    }),
  );
  const { port } = await serveManifests(ingressWith(ANNOTATIONS), { web, errors: errors.port });
  const size = 600_000;
  const client = await openRaw(port);
  client.send(`POST / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n`);
  for (let sent = 0; sent < size; sent += 50_000) client.send("x".repeat(50_000));
  const { text } = await client.end();
  expect(statusOf(text)).toBe(200);
  expect(errors.seen.map(({ method, body }) => [method, body.length])).toEqual([["POST", size]]);
});
