import { expect, test } from "vitest";
import { exchangeRaw, openRaw, statusOf } from "../support/raw.ts";
import { ingressWith, serveManifests } from "./served.ts";
import { deadPort, httpUpstream, onHead, rawUpstream, signal } from "./support.ts";

// Each case compared with what nginx 1.22.1 sent to its mirror.

interface Copy {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An HTTP server and its received requests. */
async function recording(): Promise<{ port: number; seen: Copy[] }> {
  const seen: Copy[] = [];
  const port = await httpUpstream((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      seen.push({ method, url, headers, body });
      response.writeHead(500, { "X-Of": "the mirror" }).end("never seen");
    });
  });
  return { port, seen };
}

const backend = () =>
  httpUpstream((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => response.end(`ok ${request.url} ${body}`));
  });

const ask = (port: number, line: string, rest = "\r\n") =>
  exchangeRaw(port, `${line} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${rest}`);
const soon = { timeout: 10_000 };

test.each([
  ["GET /a%20b?c=d", "Accept: x\r\n\r\n", ""],
  ["POST /a%20b?c=d", "Content-Length: 5\r\n\r\nhello", "hello"],
  ["POST /a%20b?c=d", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"],
])("%s is copied, and the client hears of the backend alone", async (line, rest, body) => {
  const mirror = await recording();
  const { port, hit, problems } = await serveManifests(
    ingressWith({
      "mirror-target": `http://127.0.0.1:${mirror.port}$request_uri`,
      "upstream-vhost": "internal.test",
    }),
    { web: await backend() },
  );
  expect(problems).toEqual([]);
  const { text } = await ask(port, line, `X-Mine: 1\r\n${rest}`);
  expect(statusOf(text)).toBe(200);
  expect(text).toContain(`ok /a%20b?c=d ${body}`);
  expect(text).not.toContain("the mirror");
  await expect.poll(() => mirror.seen.length, soon).toBe(1);
  const [copy] = mirror.seen;
  expect(copy).toMatchObject({ method: line.split(" ")[0], url: "/a%20b?c=d", body });
  expect(copy?.headers).toMatchObject({ host: "127.0.0.1", "x-mine": "1", connection: "close" });
  expect(Object.keys(copy?.headers ?? {})).not.toContain("x-forwarded-proto");
  expect(copy?.headers["content-length"]).toBe(body === "" ? undefined : String(body.length));
  expect(await hit(1)).toHaveLength(1);
});

test.each([
  ["http://127.0.0.1:PORT", "/_mirror-00000000-0000-0000-0000-000000000000?c=d"],
  ["http://127.0.0.1:PORT/base", "/base?c=d"],
  ["http://127.0.0.1:PORT/$host$uri", "/a.test/x"],
  ["http://mirror.default.svc.cluster.local/p$request_uri", "/p/x?c=d"],
])("mirror-target %s asks for %s", async (target, url) => {
  const mirror = await recording();
  const annotations = {
    "mirror-target": target.replace("PORT", String(mirror.port)),
    "mirror-host": "m.test",
  };
  const { port } = await serveManifests(ingressWith(annotations), {
    web: await backend(),
    mirror: mirror.port,
  });
  expect(statusOf((await ask(port, "GET /x?c=d")).text)).toBe(200);
  await expect.poll(() => mirror.seen.length, soon).toBe(1);
  expect(mirror.seen[0]).toMatchObject({ url, headers: { host: "m.test" } });
});

test("mirror-request-body: off leaves the body out, and its length", async () => {
  const mirror = await recording();
  const target = `http://127.0.0.1:${mirror.port}$request_uri`;
  const { port } = await serveManifests(
    ingressWith({ "mirror-target": target, "mirror-request-body": "off" }),
    { web: await backend() },
  );
  expect((await ask(port, "POST /", "Content-Length: 5\r\n\r\nhello")).text).toContain("ok / hello");
  await expect.poll(() => mirror.seen.length, soon).toBe(1);
  expect(mirror.seen[0]).toMatchObject({ method: "POST", body: "" });
});

test("a backend that fails does not keep the copy from being sent", async () => {
  const mirror = await recording();
  const { port } = await serveManifests(
    ingressWith({ "mirror-target": `http://127.0.0.1:${mirror.port}$request_uri` }),
    { web: await deadPort() },
  );
  expect(statusOf((await ask(port, "POST /x", "Content-Length: 2\r\n\r\nhi")).text)).toBe(502);
  await expect.poll(() => mirror.seen.length, soon).toBe(1);
  expect(mirror.seen[0]?.body).toBe("hi");
});

test("what is not let in is not copied", async () => {
  const mirror = await recording();
  const { port } = await serveManifests(
    ingressWith({
      "mirror-target": `http://127.0.0.1:${mirror.port}$request_uri`,
      "denylist-source-range": "127.0.0.0/8",
    }),
    { web: await backend() },
  );
  expect(statusOf((await ask(port, "GET /refused")).text)).toBe(403);
  const redirecting = await serveManifests(
    ingressWith({
      "mirror-target": `http://127.0.0.1:${mirror.port}$request_uri`,
      "permanent-redirect": "https://b.test",
    }),
    { web: await backend() },
  );
  expect(statusOf((await ask(redirecting.port, "GET /redirected")).text)).toBe(301);
  const open = await serveManifests(
    ingressWith({ "mirror-target": `http://127.0.0.1:${mirror.port}$request_uri` }),
    { web: await backend() },
  );
  expect(statusOf((await ask(open.port, "GET /open")).text)).toBe(200);
  await expect.poll(() => mirror.seen.map(({ url }) => url), soon).toEqual(["/open"]);
});

test.each([
  ["refuses connections", () => deadPort()],
  ["breaks off", () => rawUpstream((socket) => onHead(socket, () => socket.destroy()))],
  ["says nothing", () => rawUpstream((socket) => onHead(socket, () => {}))],
  ["sends nonsense", () => rawUpstream((socket) => onHead(socket, () => socket.end("what?\r\n\r\n")))],
])("a mirror that %s is not noticed", async (_, mirror) => {
  const { port, hit } = await serveManifests(
    ingressWith({ "mirror-target": `http://127.0.0.1:${await mirror()}$request_uri` }),
    { web: await backend() },
  );
  const { text } = await ask(port, "POST /", "Content-Length: 5\r\n\r\nhello");
  expect(statusOf(text)).toBe(200);
  expect(text).toContain("ok / hello");
  expect((await hit(1))[0]).toMatchObject({ status: 200, error: undefined });
});

test("of a body over 1 MiB there is no copy, and the backend gets all of it", async () => {
  const mirror = await recording();
  const target = `http://127.0.0.1:${mirror.port}$request_uri`;
  const { port } = await serveManifests(ingressWith({ "mirror-target": target, "proxy-body-size": "8m" }), {
    web: await httpUpstream((request, response) => {
      let bytes = 0;
      request.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      request.on("end", () => response.end(`got ${bytes}`));
    }),
  });
  const size = 3_000_000;
  const { text } = await ask(port, "POST /big", `Content-Length: ${size}\r\n\r\n${"x".repeat(size)}`);
  expect(text).toContain(`got ${size}`);
  expect(statusOf((await ask(port, "GET /small")).text)).toBe(200);
  await expect.poll(() => mirror.seen.map(({ url }) => url), soon).toEqual(["/small"]);
});

test("a client that leaves within its body is asked for at neither place", async () => {
  const mirror = await recording();
  const reached = signal();
  const { port, hit } = await serveManifests(
    ingressWith({ "mirror-target": `http://127.0.0.1:${mirror.port}$request_uri` }),
    {
      web: await httpUpstream((_, response) => {
        reached.resolve();
        response.end("ok");
      }),
    },
  );
  const client = await openRaw(port);
  client.send("POST /left HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhe");
  client.socket.destroy();
  expect(await hit(1)).toMatchObject([{ status: 400, path: "/left" }]);
  expect(statusOf((await ask(port, "GET /next")).text)).toBe(200);
  await reached.promise;
  await expect.poll(() => mirror.seen.map(({ url }) => url), soon).toEqual(["/next"]);
});
