import { createHash, randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { describe, expect, test } from "vitest";
import { bodyOf, exchangeRaw, headLines, openRaw, statusOf } from "../support/raw.ts";
import { forwardAll, httpUpstream, onHead, rawUpstream, signal, testProxy } from "./support.ts";

const HOST = "Host: a.test\r\n";
const CLOSE = "Connection: close\r\n";

/** Answers with the method and the received body. */
async function echoBody(): Promise<number> {
  return httpUpstream((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => response.end(`${request.method} ${Buffer.concat(chunks).toString("latin1")}`));
  });
}

describe("bodies (faults.md, sections 3 and 4)", () => {
  test.each([
    ["F11 GET", "GET / HTTP/1.1", "Content-Length: 5\r\n", "hello", "GET hello"],
    ["POST", "POST / HTTP/1.1", "Content-Length: 5\r\n", "hello", "POST hello"],
    ["POST of nothing", "POST / HTTP/1.1", "Content-Length: 0\r\n", "", "POST "],
    ["chunked", "POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n", "POST hello"],
    [
      "chunked, with trailers",
      "POST / HTTP/1.1",
      "Transfer-Encoding: chunked\r\n",
      "2\r\nhi\r\n0\r\nX: 1\r\n\r\n",
      "POST hi",
    ],
    ["DELETE", "DELETE / HTTP/1.1", "Content-Length: 2\r\n", "hi", "DELETE hi"],
    ["F12", "POST / HTTP/1.1", "Content-Type: ;;;\r\nContent-Length: 2\r\n", "{]", "POST {]"],
  ])("%s: the body reaches the backend", async (_, line, headers, body, echoed) => {
    const { port } = await testProxy(await echoBody());
    const answer = await exchangeRaw(port, `${line}\r\n${HOST}${CLOSE}${headers}\r\n${body}`);
    expect(statusOf(answer.text)).toBe(200);
    expect(answer.text).toContain(echoed);
  });

  test("F10: 100 Continue comes when the body is wanted", async () => {
    const { port } = await testProxy(await echoBody());
    const client = await openRaw(port);
    client.send(`POST / HTTP/1.1\r\n${HOST}${CLOSE}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`);
    await client.until((text) => text === "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    expect((await client.end()).text).toContain("POST hello");
  });

  test.each([
    ["Content-Length", "Content-Length: 11\r\n", ""],
    ["Content-Length, waiting for 100", "Content-Length: 11\r\nExpect: 100-continue\r\n", ""],
    ["chunked", "Transfer-Encoding: chunked\r\n", "b\r\nhello world\r\n"],
  ])("proxy-body-size, by %s: 413, no 100, and the connection ends", async (_, headers, body) => {
    const { port, hit } = await testProxy(await echoBody(), { decide: forwardAll({ bodyLimit: 10 }) });
    const answer = await exchangeRaw(port, `POST / HTTP/1.1\r\n${HOST}${headers}\r\n${body}`);
    expect(statusOf(answer.text)).toBe(413);
    expect(answer.text).toContain("<h1>413 Request Entity Too Large</h1>");
    expect(answer.text).not.toContain("100 Continue");
    expect((await hit(1))[0]?.status).toBe(413);
  });

  test("proxy-body-size: what is as large as the limit goes through", async () => {
    const { port } = await testProxy(await echoBody(), { decide: forwardAll({ bodyLimit: 5 }) });
    const answer = await exchangeRaw(
      port,
      `POST / HTTP/1.1\r\n${HOST}${CLOSE}Content-Length: 5\r\n\r\nhello`,
    );
    expect(answer.text).toContain("POST hello");
  });

  test("U9: an early answer reaches a client that is still sending, and the connection ends", async () => {
    const upstream = await rawUpstream((socket) =>
      onHead(socket, () => {
        socket.end("HTTP/1.1 413 No\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge");
      }),
    );
    const { port } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 1000000\r\n\r\n${"a".repeat(1_000)}`);
    await client.until((text) => text.endsWith("large"));
    client.send("a".repeat(10_000));
    const { text } = await client.end();
    expect(statusOf(text)).toBe(413);
    expect(headLines(text)).toContain("Connection: close");
  });

  test.each([
    ["HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200],
    ["204", "GET", "HTTP/1.1 204 No Content\r\n\r\n", 204],
    ["304", "GET", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', 304],
    [
      "103 before",
      "HEAD",
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
      200,
    ],
  ])("F13: %s has a head alone", async (_, method, bytes, status) => {
    const upstream = await rawUpstream((socket) => onHead(socket, () => socket.write(bytes)));
    const { port } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(`${method} / HTTP/1.1\r\n${HOST}${CLOSE}\r\n`);
    const { text } = await client.end();
    expect(statusOf(text)).toBe(status);
    expect(bodyOf(text)).toBe("");
  });

  test("F13: trailers are left off", async () => {
    const upstream = await rawUpstream((socket) =>
      onHead(socket, () =>
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"),
      ),
    );
    const { port } = await testProxy(upstream);
    const answer = await exchangeRaw(port, `GET / HTTP/1.1\r\n${HOST}${CLOSE}\r\n`);
    expect(bodyOf(answer.text)).toBe("2\r\nok\r\n0\r\n\r\n");
  });

  test("HTTP/1.0 gets a body without chunks, ended by the connection", async () => {
    const upstream = await httpUpstream((_, response) => {
      response.write("a");
      response.end("b");
    });
    const { port } = await testProxy(upstream);
    const answer = await exchangeRaw(port, `GET / HTTP/1.0\r\n${HOST}Connection: keep-alive\r\n\r\n`);
    expect(headLines(answer.text)).toContain("Connection: close");
    expect(bodyOf(answer.text)).toBe("ab");
  });

  test("Server-Sent Events come through one by one, the head before the first", async () => {
    const waiting: (() => void)[] = [];
    const upstream = await httpUpstream((_, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" }).flushHeaders();
      waiting.push(() => response.write("data: 1\n\n"));
    });
    const { port } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
    await client.until((text) => text.endsWith("\r\n\r\n"));
    waiting[0]?.();
    await client.until((text) => text.includes("data: 1\n\n"));
    client.socket.destroy();
  });

  test.each([
    ["waits", 499],
    ["reads", 200],
  ])("a client that leaves while it %s is gone for the upstream as well; the hit says %i", async (state, status) => {
    const arrived = signal();
    const left = signal();
    const upstream = await httpUpstream((_, response) => {
      response.on("close", () => left.resolve());
      if (state === "reads") response.write("a");
      arrived.resolve();
    });
    const { port, hit } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
    await arrived.promise;
    if (state === "reads") await client.until((text) => text.includes("a\r\n"));
    client.socket.destroy();
    await left.promise;
    expect(await hit(1)).toMatchObject([{ status, error: "the client closed the connection" }]);
  });

  test("a client that leaves within its upload ends it at the upstream", async () => {
    const started = signal();
    const gone = signal();
    const upstream = await httpUpstream((request) => {
      request.once("data", () => started.resolve());
      request.on("error", () => gone.resolve());
    });
    const { port } = await testProxy(upstream);
    const client = await openRaw(port);
    client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\nhalf`);
    await started.promise;
    client.socket.destroy();
    await gone.promise;
  });

  test("F15: a body that does not come is 408", async () => {
    const { port } = await testProxy(await echoBody(), { limits: { bodyIdleMs: 60 } });
    const answer = await exchangeRaw(port, `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhe`);
    expect(statusOf(answer.text)).toBe(408);
  });

  test("F15: a head that does not come ends the connection", async () => {
    const { port } = await testProxy(1, { limits: { headMs: 100 } });
    const answer = await exchangeRaw(port, `GET / HTTP/1.1\r\n${HOST}`);
    expect(answer.ended).toBe("closed");
  });

  test("a reader that stalls holds up the upstream, and is let go after a while", async () => {
    let written = 0;
    const upstream = await httpUpstream((_, response) => {
      const chunk = Buffer.alloc(65_536);
      const more = () => {
        do written += chunk.length;
        while (response.write(chunk));
      };
      response.on("drain", more);
      response.on("close", () => response.off("drain", more));
      more();
    });
    const { port, hit } = await testProxy(upstream, { limits: { writeIdleMs: 1_000 } });
    const client = await openRaw(port);
    client.socket.pause();
    client.send(`GET / HTTP/1.1\r\n${HOST}\r\n`);
    const [told] = await hit(1);
    expect(told).toMatchObject({ status: 200, error: expect.stringContaining("does not read") });
    // No more than the sockets' own buffers.
    expect(written).toBeLessThan(64 * 1_048_576);
    client.socket.destroy();
  });

  test.each([20_000, 60_000, 200_000])("behind a body of %i bytes the next request is read", async (size) => {
    const { port } = await testProxy(await echoBody());
    const client = await openRaw(port);
    for (let answers = 1; answers <= 3; answers++) {
      client.send(`POST / HTTP/1.1\r\n${HOST}Content-Length: ${size}\r\n\r\n${"x".repeat(size)}`);
      await client.until((text) => text.split("x").length > answers * size);
    }
    client.send(`GET / HTTP/1.1\r\n${HOST}${CLOSE}\r\n`);
    expect((await client.end()).text.split("HTTP/1.1 200").length - 1).toBe(4);
  });

  test("32 MB up and down are the same bytes", async () => {
    const body = randomBytes(32 * 1_048_576);
    const upstream = await httpUpstream((request, response) => void request.pipe(response));
    const { port } = await testProxy(upstream);
    const hash = createHash("sha256");
    await new Promise<void>((resolve, reject) => {
      const request = httpRequest({ port, host: "127.0.0.1", method: "PUT", headers: { Host: "a.test" } });
      request.on("error", reject);
      request.on("response", (response) => {
        response
          .on("data", (chunk: Buffer) => hash.update(chunk))
          .on("end", resolve)
          .on("error", reject);
      });
      request.end(body);
    });
    expect(hash.digest("hex")).toBe(createHash("sha256").update(body).digest("hex"));
  });
});
