import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest, type Server } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { harFaults } from "../har/har-shape.ts";
import { MAIN } from "../support/built.ts";
import {
  ask,
  createHome,
  ended,
  environmentOf,
  type Home,
  runCommand,
  startUp,
  type Up,
} from "./up-process.ts";

let backend: Server;
let home: Home;
let up: Up | undefined;

beforeAll(async () => {
  backend = createServer((request, response) => {
    if (request.url === "/stream") {
      response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: 1\n\n");
      return;
    }
    if (request.url === "/silent") return;
    if (request.url === "/large") {
      response.writeHead(200, { "Content-Type": "text/plain" }).end("x".repeat(200_000));
      return;
    }
    const body = gzipSync("packed ".repeat(20));
    response.writeHead(200, { "Content-Type": "text/plain", "Content-Encoding": "gzip" }).end(body);
  });
  backend.listen(0, "127.0.0.1");
  await new Promise((resolve) => backend.once("listening", resolve));
});
afterAll(() => {
  backend.closeAllConnections();
  backend.close();
});
beforeEach(() => {
  home = createHome();
});
afterEach(async () => {
  await up?.stop("SIGKILL");
  up = undefined;
  home.remove();
});

const fileOf = () => join(home.folder, "a.har");

function entries() {
  const har = JSON.parse(readFileSync(fileOf(), "utf8"));
  expect(harFaults(har)).toEqual([]);
  return har.log.entries;
}

function entryOf(path: string) {
  const found = entries().find(({ request }: { request: { url: string } }) => request.url.includes(path));
  if (found === undefined) throw new Error(`there is no entry of ${path}`);
  return found;
}

async function recording(...more: string[]): Promise<Up> {
  const { port } = backend.address() as AddressInfo;
  up = await startUp(home, ["--record", "a.har", "--map", `service2=${port}`, ...more]);
  return up;
}

function post(port: number, path: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { host: "www.basic1.com", cookie: "session=k3y", "content-type": "text/plain" };
    const sent = httpRequest({ host: "127.0.0.1", port, path, method: "POST", headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    sent.on("error", reject).end(body);
  });
}

/** Writes bytes on a connection; resolves with the first that come back. */
function raw(port: number, text: string) {
  const socket = connect(port, "127.0.0.1", () => socket.write(text));
  socket.on("error", () => undefined);
  return {
    socket,
    first: new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data)))),
  };
}

function http2Post(port: number, path: string, body: string): Promise<number> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  return new Promise((resolve, reject) => {
    session.on("error", reject);
    const stream = session.request({ ":method": "POST", ":path": path, ":authority": "www.basic1.com" });
    stream.on("response", (headers) => resolve(Number(headers[":status"]))).on("error", reject);
    stream.on("close", () => session.close()).resume();
    stream.end(body);
  });
}

describe("up --record", () => {
  test("writes what passed, and a killed process leaves it readable", async () => {
    const { httpPort, httpsPort, child } = await recording();
    await ask(httpPort, "http://www.basic1.com/path1/got?a=b");
    await post(httpPort, "/path1/posted", "näh");
    await post(httpPort, "/nowhere", "unread");
    await ask(httpPort, "http://www.basic-ssl.com/redirected");
    await ask(httpPort, "http://www.basic2.com/gzip");
    await ask(httpPort, "http://www.basic2.com/large");
    await http2Post(httpsPort, "/path1/second", "by HTTP/2");
    const upgrade = `GET /path1/socket HTTP/1.1\r\nHost: www.basic1.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n`;
    const tunnel = raw(httpPort, upgrade);
    expect(await tunnel.first).toContain("101 Switching Protocols");
    tunnel.socket.destroy();
    const left = raw(httpPort, "GET /silent HTTP/1.1\r\nHost: www.basic2.com\r\n\r\n");
    await new Promise((resolve) => backend.once("request", resolve));
    left.socket.destroy();
    const stream = raw(httpPort, "GET /stream HTTP/1.1\r\nHost: www.basic2.com\r\n\r\n");
    expect(await stream.first).toContain("text/event-stream");
    await expect.poll(() => entries().length).toBe(9);
    child.kill("SIGKILL");
    await up?.end;
    stream.socket.destroy();

    expect(entryOf("/got")).toMatchObject({
      request: { method: "GET", url: `http://www.basic1.com:${httpPort}/path1/got?a=b` },
      response: { status: 200, content: { mimeType: "application/json" } },
      serverIPAddress: "127.0.0.1",
      _ingressDev: {
        decision: "forward",
        ingress: "default/basic",
        rule: { host: "www.basic1.com", path: "/path1" },
        backend: { namespace: "default", service: "service1", port: 80 },
        upstreamPath: "/?a=b",
      },
    });
    expect(entryOf("/posted")).toMatchObject({
      request: { method: "POST", bodySize: 4, postData: { text: "näh", mimeType: "text/plain" } },
      _ingressDev: { masked: ["cookie"] },
    });
    expect(readFileSync(fileOf(), "utf8")).not.toContain("k3y");
    expect(entryOf("/nowhere")).toMatchObject({
      request: { postData: { text: "unread" } },
      response: { status: 404, content: { text: expect.stringContaining("<center>nginx</center>") } },
      _ingressDev: { decision: "respond", why: [expect.stringContaining("no path"), expect.anything()] },
    });
    expect(entryOf("/redirected").response).toMatchObject({
      status: 308,
      redirectURL: `https://www.basic-ssl.com:${httpsPort}/redirected`,
    });
    expect(entryOf("/gzip").response).toMatchObject({
      headers: expect.arrayContaining([{ name: "Content-Encoding", value: "gzip" }]),
      content: { size: 140, text: "packed ".repeat(20) },
    });
    expect(entryOf("/large").response.content).toMatchObject({
      size: 200_000,
      text: "x".repeat(65_536),
      comment: "the first 65536 of 200000 bytes",
    });
    expect(entryOf("/second")).toMatchObject({
      request: { httpVersion: "HTTP/2", postData: { text: "by HTTP/2" } },
      response: { status: 200, httpVersion: "HTTP/2" },
    });
    expect(entryOf("/socket").response).toMatchObject({ status: 101, statusText: "Switching Protocols" });
    expect(entryOf("/silent")).toMatchObject({
      response: { status: 0 },
      _ingressDev: { error: "the client closed the connection" },
    });
  });

  test("ends with what was open, and with secrets if asked to; nobody else may read it", async () => {
    const { httpPort, events } = await recording("--record-secrets");
    const stream = raw(httpPort, "GET /stream HTTP/1.1\r\nHost: www.basic2.com\r\nCookie: s=k3y\r\n\r\n");
    expect(await stream.first).toContain("data: 1");
    const ended = up?.stop("SIGTERM");
    stream.socket.once("close", () => stream.socket.destroy());
    await ended;
    expect(entries()).toHaveLength(1);
    expect(entryOf("/stream")).toMatchObject({
      request: { cookies: [{ name: "s", value: "k3y" }] },
      response: { status: 200, content: { text: "data: 1\n\n" } },
    });
    expect(statSync(fileOf()).mode & 0o777).toBe(0o600);
    expect(events).toContainEqual(expect.objectContaining({ code: "recording", level: "warning" }));
  });

  test("a file that exists stays as it is, and one that cannot be written is told of before anything runs", async () => {
    writeFileSync(fileOf(), "mine");
    const own = ["up", home.manifests, "--no-hosts", "--http-port", "0", "--https-port", "0", "--record"];
    const cases: [string, RegExp][] = [
      ["a.har", /^error: --record: .*a\.har exists\.\n/],
      ["no/such/a.har", /^error: --record: .* cannot be written: there is no such folder\.\n/],
      ["manifests", /^error: --record: .*manifests is not a regular file\.\n/],
    ];
    for (const [file, says] of cases) {
      const { code, stdout, stderr } = await runCommand([...own, file], home.folder);
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    }
    expect(readFileSync(fileOf(), "utf8")).toBe("mine");
  });

  test.skipIf(process.platform === "win32")("a full disk ends the recording, not up", async () => {
    const limit = ["-c", 'ulimit -f 40; exec "$@"', "sh", process.execPath, MAIN];
    const own = ["--no-hosts", "--http-port", "0", "--https-port", "0", "-o", "json", "--record", "a.har"];
    const child = spawn("sh", [...limit, "up", home.manifests, ...own], {
      cwd: home.folder,
      env: environmentOf(home.folder),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const end = ended(child);
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    await expect.poll(() => output).toContain('"ready"');
    const port = Number(/"http":\{"address":"127.0.0.1","port":(\d+)/.exec(output)?.[1]);
    await expect
      .poll(async () => {
        await ask(port, `http://www.basic1.com/path1?${"x".repeat(2000)}`);
        return output;
      })
      .toContain("record-stopped");
    expect(entries().length).toBeGreaterThan(0);
    expect((await ask(port, "http://www.basic1.com/path1")).status).toBe(200);
    child.kill("SIGTERM");
    expect((await end).code).toBe(143);
    expect(entries().length).toBeGreaterThan(0);
  });

  test("leaves no file if it does not start", async () => {
    const taken = (backend.address() as AddressInfo).port;
    const args = ["up", home.manifests, "--no-hosts", "--http-port", String(taken), "--record", "b.har"];
    const { code, stderr } = await runCommand(args, home.folder);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("port") });
    expect(() => statSync(join(home.folder, "b.har"))).toThrow();
  });
});
