import { describe, expect, test } from "vitest";
import {
  data,
  FRAME,
  frame,
  PREFACE,
  rstStream,
  SETTING,
  settings,
  windowUpdate,
} from "../../support/http2-raw/frames.ts";
import { literals } from "../../support/http2-raw/header-block.ts";
import { reset } from "../../support/raw.ts";
import { forwardAll, signal } from "../support.ts";
import { ask, head, http2Proxy, post } from "./support.ts";

/** Bodies go on as they come. */
const PASSED_ON = forwardAll({ buffers: { responseHeadBytes: 4_096, request: "passed-on" } });

describe("a client that leaves is told of as by HTTP/1, and its backend hears of it", () => {
  const ways = [
    ["by RST_STREAM", "the stream"],
    ["by closing", "the connection"],
    ["by a reset", "the connection"],
  ] as const;

  test.each(ways)("within its upload, %s: 499", async (way) => {
    const left = signal();
    const arrived = signal();
    const proxy = await http2Proxy({ decide: PASSED_ON }, (request, response) => {
      if (request.url === "/well") return void response.end();
      request.once("data", arrived.resolve);
      request.on("error", () => {});
      response.on("close", left.resolve);
    });
    const client = await proxy.open();
    client.send(post(1), data(1, "half", "more"));
    await arrived.promise;
    if (way === "by RST_STREAM") client.send(rstStream(1, 8));
    else if (way === "by closing") client.socket.destroy();
    else reset(client.socket);
    expect(await proxy.hit(1)).toMatchObject([{ status: 499, error: "the client closed the connection" }]);
    await left.promise;
    expect(proxy.whole).toEqual([]);
    await proxy.isWell();
  });

  test.each(ways)("before it is answered, %s: 499", async (way) => {
    const left = signal();
    const arrived = signal();
    const proxy = await http2Proxy({}, (request, response) => {
      if (request.url === "/well") return void response.end();
      response.on("close", left.resolve);
      arrived.resolve();
    });
    const client = await proxy.open();
    client.head(1, ask());
    await arrived.promise;
    if (way === "by RST_STREAM") client.send(rstStream(1, 8));
    else if (way === "by closing") client.socket.destroy();
    else reset(client.socket);
    expect(await proxy.hit(1)).toMatchObject([{ status: 499, error: "the client closed the connection" }]);
    await left.promise;
    await proxy.isWell();
  });

  test.each(ways)("within the answer, %s: its status, and why it ended", async (way) => {
    const left = signal();
    const proxy = await http2Proxy({}, (request, response) => {
      if (request.url === "/well") return void response.end();
      response.on("close", left.resolve);
      response.write("half");
    });
    const client = await proxy.open();
    client.head(1, ask());
    await client.frame(FRAME.data, 1);
    if (way === "by RST_STREAM") client.send(rstStream(1, 8));
    else if (way === "by closing") client.socket.destroy();
    else reset(client.socket);
    expect(await proxy.hit(1)).toMatchObject([{ status: 200, error: "the client closed the connection" }]);
    await left.promise;
    await proxy.isWell();
  });

  test("one stream of many: the others go on", async () => {
    const proxy = await http2Proxy();
    const client = await proxy.open();
    client.send(head(1, ask("GET", "/never")), post(3), data(3, "a", "more"), rstStream(1, 8), data(3, "b"));
    expect(String((await client.answer(3)).body)).toBe("ab");
    await proxy.isWell();
  });
});

describe("a client that gives no window, or does not read, is let go after a while", () => {
  const limits = { writeIdleMs: 500 };
  test.each([
    ["large answer that gets no window (CVE-2019-9511)", 8 * 2 ** 20, 1],
    ["small answer that gets no window", 1_000, 1],
    ["100 answers that get none", 100_000, 100],
  ])("a %s", async (_, bytes, streams) => {
    const proxy = await http2Proxy({ limits });
    const client = await proxy.open({ settings: [[SETTING.initialWindowSize, 0]], windows: "kept" });
    for (let i = 0; i < streams; i++) client.head(2 * i + 1, ask("GET", `/big?${bytes}`));
    // Each by itself, or with the connection.
    for (let i = 0; i < streams; i++) expect((await client.answer(2 * i + 1)).body).toHaveLength(0);
    await proxy.hit(streams);
    await proxy.isWell();
  });

  test("one answer of many: the others go on", async () => {
    const proxy = await http2Proxy({ limits });
    const client = await proxy.open({ windows: "kept" });
    client.send(
      windowUpdate(0, 2 ** 20),
      head(1, ask("GET", `/big?${2 ** 20}`)),
      head(3, ask("GET", "/never")),
    );
    const { body, reset: error } = await client.answer(1);
    expect([body.length, error]).toEqual([65_535, "INTERNAL_ERROR"]);
    client.send(head(5));
    expect(await client.answer(5)).toMatchObject({ status: 200, body: Buffer.from("ok") });
    expect((await proxy.hit(2))[0]).toMatchObject({ error: expect.stringContaining("does not read") });
    await proxy.isWell();
  });

  test("an answer whose connection has no window left", async () => {
    const proxy = await http2Proxy({ limits });
    const client = await proxy.open({ settings: [[SETTING.initialWindowSize, 2 ** 30]], windows: "kept" });
    client.head(1, ask("GET", `/big?${2 ** 20}`));
    expect((await client.answer(1)).body).toHaveLength(65_535);
    expect(await proxy.hit(1)).toMatchObject([
      { status: 200, error: expect.stringContaining("does not read") },
    ]);
    await proxy.isWell();
  });

  test("an answer that the client's socket does not take (CVE-2019-9517)", async () => {
    const proxy = await http2Proxy({ limits });
    const client = await proxy.open({ settings: [[SETTING.initialWindowSize, 2 ** 30]] });
    client.send(windowUpdate(0, 2 ** 30));
    client.socket.pause();
    client.head(1, ask("GET", `/big?${32 * 2 ** 20}`));
    expect(await proxy.hit(1)).toMatchObject([
      { status: 200, error: expect.stringContaining("does not read") },
    ]);
    await proxy.isWell();
  });

  test("what an answer may fill of our memory is bounded", async () => {
    let written = 0;
    const proxy = await http2Proxy({ limits: { writeIdleMs: 1_000 } }, (request, response) => {
      if (request.url === "/well") return void response.end();
      const chunk = Buffer.alloc(65_536);
      const more = () => {
        do written += chunk.length;
        while (response.write(chunk));
      };
      response.on("drain", more);
      response.on("close", () => response.off("drain", more));
      more();
    });
    const client = await proxy.open({ windows: "kept" });
    client.head(1, ask());
    await proxy.hit(1);
    // No more than the sockets' own buffers.
    expect(written).toBeLessThan(32 * 2 ** 20);
    await proxy.isWell();
  });
});

describe("a client that pauses", () => {
  test("within its body: 408", async () => {
    const proxy = await http2Proxy({ limits: { bodyIdleMs: 100 } });
    const client = await proxy.open();
    client.send(post(1, "/never"), data(1, "half", "more"));
    expect(await client.answer(1)).toMatchObject({ status: 408 });
    expect(proxy.whole).toEqual([]);
    await proxy.isWell();
  });

  const half = literals(ask());
  test.each([
    ["the preface", [PREFACE.subarray(0, 12)]],
    ["its SETTINGS", [PREFACE, settings([1, 0]).subarray(0, 11)]],
    ["a frame's head", [PREFACE, settings(), head(1).subarray(0, 5)]],
    ["a frame", [PREFACE, settings(), head(1).subarray(0, 20)]],
    ["a head, before its CONTINUATION", [PREFACE, settings(), frame(FRAME.headers, 1, 1, half)]],
  ])("within %s is let go", async (_, pieces) => {
    const proxy = await http2Proxy({ limits: { headMs: 200, keepAliveMs: 400 } });
    const client = await proxy.open({ preface: "none" });
    client.send(...pieces);
    await client.end();
    expect(proxy.begun).toEqual([]);
    await proxy.isWell();
  });

  test("between two requests is let go, without an error", async () => {
    const proxy = await http2Proxy({ limits: { keepAliveMs: 300 } });
    const client = await proxy.open();
    client.head(1, ask());
    expect(await client.answer(1)).toMatchObject({ status: 200 });
    expect(await client.end()).toBe("GOAWAY NO_ERROR");
    await proxy.isWell();
  });

  test("while its answer is awaited stays", async () => {
    const proxy = await http2Proxy({ limits: { keepAliveMs: 100, headMs: 100 } }, (_, response) => {
      setTimeout(() => response.end("late"), 500);
    });
    const client = await proxy.open();
    client.head(1, ask());
    expect(await client.answer(1)).toMatchObject({ status: 200, body: Buffer.from("late") });
  });
});
