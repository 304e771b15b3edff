import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { streamPair } from "../../src/upstream/pair.ts";

test("what one end writes the other reads, both ways, to the end", async () => {
  const [left, right] = streamPair();
  left.end("to the right");
  right.end("to the left");
  expect(String(Buffer.concat(await right.toArray()))).toBe("to the right");
  expect(String(Buffer.concat(await left.toArray()))).toBe("to the left");
});

test("a writer waits for the reader: no more than two buffers are held", async () => {
  const [left, right] = streamPair();
  let written = 0;
  const chunks = Readable.from(
    (function* () {
      for (let at = 0; at < 1024; at++) {
        written += 16_384;
        yield Buffer.alloc(16_384);
      }
    })(),
    { objectMode: true, highWaterMark: 1 },
  );
  const sent = pipeline(chunks, left);
  await once(right, "readable");
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  expect(written).toBeLessThan(300_000);
  let read = 0;
  for await (const chunk of right) read += chunk.length;
  await sent;
  expect(read).toBe(16_777_216);
});

test("an end that is destroyed takes the other with it, without an error event", async () => {
  const [left, right] = streamPair();
  const closed = once(right, "close");
  right.on("error", (error) => expect.unreachable(String(error)));
  right.write(Buffer.alloc(1_000_000), () => {});
  left.destroy();
  await closed;
  expect(right.destroyed).toBe(true);
});

test("what was sent before an orderly end is still read after the sender is gone", async () => {
  const [left, right] = streamPair();
  left.once("finish", () => left.destroy());
  left.end("last words");
  await once(left, "close");
  expect(String(Buffer.concat(await right.toArray()))).toBe("last words");
});

test("writing to an end that is gone fails as a broken pipe", async () => {
  const [left, right] = streamPair();
  right.end();
  await once(right, "finish");
  right.destroy();
  await once(right, "close");
  const failed = once(left, "error");
  left.write("too late");
  expect(await failed).toMatchObject([{ code: "EPIPE" }]);
});
