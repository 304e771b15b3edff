import { describe, expect, test } from "vitest";
import { exchangeRaw } from "../support/raw.ts";
import { ingressWith, serveManifests } from "./served.ts";
import { deadPort, httpUpstream, onHead, rawUpstream } from "./support.ts";

const HOST = "Host: a.test\r\n";
const LAST = "Connection: close\r\n\r\n";

/** A proxy that shows the specification, in front of one Service on a local port. */
async function specification(upstream: number, exact: "exact" | "local" = "exact") {
  return serveManifests(ingressWith({}), { web: upstream }, { exact }, "kubernetes");
}

/** An answer byte for byte, but for its date. */
async function bytes(port: number, request: string): Promise<string> {
  return (await exchangeRaw(port, request)).text.replace(/Date: [^\r]+ GMT\r\n/, "");
}

function plain(status: string, more = ""): string {
  const body = `${status}\n`;
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
}

describe("answers on the plain plane, byte for byte", () => {
  test.each([
    ["a host without a rule", `GET / HTTP/1.1\r\nHost: b.test\r\n${LAST}`, "404 Not Found"],
    ["no Host", `GET / HTTP/1.1\r\n${LAST}`, "400 Bad Request"],
    [
      "a header of 70,000 bytes",
      `GET / HTTP/1.1\r\n${HOST}X: ${"a".repeat(70_000)}\r\n`,
      "431 Request Header Fields Too Large",
    ],
    ["a target of 70,000 bytes", `GET /${"a".repeat(70_000)}`, "414 URI Too Long"],
    ["a version of the future", "GET / HTTP/2.0\r\n\r\n", "505 HTTP Version Not Supported"],
    [
      "a coding that nobody knows",
      `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip\r\n\r\n`,
      "501 Not Implemented",
    ],
  ])("%s", async (_, request, status) => {
    const { port } = await specification(1);
    expect(await bytes(port, request)).toBe(plain(status));
  });

  test("a Service that refuses connections", async () => {
    const { port } = await specification(await deadPort());
    expect(await bytes(port, `GET / HTTP/1.1\r\n${HOST}${LAST}`)).toBe(plain("502 Bad Gateway"));
  });

  test("a HEAD has the head alone", async () => {
    const { port } = await specification(1);
    const head = plain("404 Not Found").split("\r\n\r\n")[0];
    expect(await bytes(port, `HEAD / HTTP/1.1\r\nHost: b.test\r\n${LAST}`)).toBe(`${head}\r\n\r\n`);
  });

  test("plain HTTP on the https port", async () => {
    const { proxy } = await specification(1, "local");
    const text = await bytes(proxy.ports.https, `GET / HTTP/1.1\r\n${HOST}\r\n`);
    expect(text.split("\r\n\r\n")[1]).toBe(
      "400 Bad Request\n\n- this port speaks https, and the client spoke plain HTTP\n",
    );
  });

  test("why stands below, unless --exact", async () => {
    const { port } = await specification(1, "local");
    const text = await bytes(port, `GET / HTTP/1.1\r\nHost: b.test\r\n${LAST}`);
    expect(text).toContain(
      "\r\n\r\n404 Not Found\n\n- no rule names this host\n- there is no defaultBackend: ",
    );
    expect(text).toContain("\r\nX-Ingress-Dev-Why: no rule names this host | ");
  });
});

describe("what a backend gets and says, byte for byte", () => {
  test("the request", async () => {
    let received = "";
    const upstream = await rawUpstream((socket) =>
      onHead(socket, (head) => {
        received = head;
        socket.end("HTTP/1.1 204 No Content\r\n\r\n");
      }),
    );
    const { port } = await specification(upstream);
    const headers =
      "Accept: */*\r\nTE: trailers\r\nX-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nx_a: 1\r\n";
    await exchangeRaw(port, `GET /a%2fb/../c?d HTTP/1.1\r\n${HOST}${headers}${LAST}`);
    expect(received).toBe(
      "GET /a%2fb/../c?d HTTP/1.1\r\n" +
        `${HOST}X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: a.test\r\nX-Forwarded-Proto: http\r\n` +
        "Accept: */*\r\nx_a: 1\r\n\r\n",
    );
  });

  test("a target in absolute form names the host", async () => {
    const upstream = await httpUpstream((request, response) =>
      response.end(`${request.headers.host} ${request.url}`),
    );
    const { port } = await specification(upstream);
    const { text } = await exchangeRaw(port, `GET http://a.test/x HTTP/1.1\r\nHost: b.test\r\n${LAST}`);
    expect(text).toContain("\r\n\r\na.test /x");
  });

  test("an upgrade is asked for, and its 101 goes on as it is", async () => {
    const upstream = await rawUpstream((socket) =>
      onHead(socket, (head) => {
        const lines = head.split("\r\n").filter((line) => /^(?:connection|upgrade):/i.test(line));
        socket.write(
          `HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: chat\r\nServer: mine\r\n\r\n${lines.join()}`,
        );
        socket.end();
      }),
    );
    const { port } = await specification(upstream);
    const text = await bytes(port, `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: chat\r\n\r\n`);
    expect(text).toContain("HTTP/1.1 101 Switching Protocols\r\n");
    expect(text).toContain("\r\nUpgrade: chat\r\nServer: mine\r\n\r\nUpgrade: chat,Connection: upgrade");
  });

  test("its own Server and Date go on to the client", async () => {
    const date = "Sun, 06 Nov 1994 08:49:37 GMT";
    const upstream = await httpUpstream((_, response) =>
      response.writeHead(200, { Server: "mine", Date: date, "X-Accel-Expires": "0" }).end("ok"),
    );
    const { port } = await specification(upstream);
    const { text } = await exchangeRaw(port, `GET / HTTP/1.1\r\n${HOST}${LAST}`);
    expect(text.split("\r\n")).toEqual(
      expect.arrayContaining(["Server: mine", `Date: ${date}`, "X-Accel-Expires: 0"]),
    );
  });

  test("X-Accel-Redirect is a header like any other", async () => {
    const upstream = await httpUpstream((_, response) =>
      response.writeHead(200, { "X-Accel-Redirect": "/other", "X-Accel-Limit-Rate": "1" }).end("as it is"),
    );
    const { port } = await specification(upstream);
    const { text } = await exchangeRaw(port, `GET / HTTP/1.1\r\n${HOST}${LAST}`);
    expect(text).toContain("\r\nX-Accel-Redirect: /other\r\n");
    expect(text).toContain("as it is");
  });

  test("TRACE goes to the backend, as any method does but CONNECT", async () => {
    const upstream = await httpUpstream((request, response) => response.end(`${request.method} arrived`));
    const { port } = await specification(upstream);
    expect((await exchangeRaw(port, `TRACE / HTTP/1.1\r\n${HOST}${LAST}`)).text).toContain("TRACE arrived");
    const refused = await bytes(port, `CONNECT /x HTTP/1.1\r\n${HOST}${LAST}`);
    expect(refused).toBe(plain("405 Method Not Allowed"));
  });
});
