import { once } from "node:events";
import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import { createLineWriter } from "../../src/cli/up/output/line-writer.ts";

const missed = (count: number) => [`missed ${count}`];
const LIMITS = { waitMs: 20, batch: 100, behind: 1_000 };

/** A reader that takes every piece at once. */
function reading(): { readonly stream: Writable; readonly pieces: string[] } {
  const pieces: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(piece, _encoding, done) {
      pieces.push(String(piece));
      done();
    },
  });
  return { stream, pieces };
}

test("lines that come together are written together, after a while", async () => {
  const { stream, pieces } = reading();
  const writer = createLineWriter(stream, missed, LIMITS);
  writer.add("a");
  writer.add("b");
  expect(pieces).toEqual([]);
  await expect.poll(() => pieces).toEqual(["a\nb\n"]);
  writer.add("c");
  await expect.poll(() => pieces).toEqual(["a\nb\n", "c\n"]);
});

test("a batch that is large enough is written at once", () => {
  const { stream, pieces } = reading();
  const writer = createLineWriter(stream, missed, LIMITS);
  writer.add("a");
  writer.add("b".repeat(100));
  writer.add("c");
  expect(pieces).toEqual([`a\n${"b".repeat(100)}\n`]);
  writer.hurry();
  expect(pieces).toHaveLength(2);
});

test("what is told is written at once, behind what waits", () => {
  const { stream, pieces } = reading();
  const writer = createLineWriter(stream, missed, LIMITS);
  writer.add("a");
  writer.tell(["b", "c"]);
  expect(pieces).toEqual(["a\nb\nc\n"]);
});

test("at the end nothing waits any more", () => {
  const { stream, pieces } = reading();
  const writer = createLineWriter(stream, missed, LIMITS);
  writer.add("a");
  writer.hurry();
  writer.add("b");
  writer.tell(["c"]);
  expect(pieces).toEqual(["a\n", "b\n", "c\n"]);
});

test("a reader that went away breaks nothing", async () => {
  const { stream, pieces } = reading();
  const writer = createLineWriter(stream, missed, LIMITS);
  writer.add("a");
  stream.destroy();
  await once(stream, "close");
  writer.add("b".repeat(100));
  writer.tell(["c"]);
  expect([pieces, stream.errored]).toEqual([[], null]);
});

test("a reader that is far behind misses lines, never what is told, and hears how many", async () => {
  const stream = new PassThrough({ highWaterMark: 1 });
  const writer = createLineWriter(stream, missed, LIMITS);
  const sent: string[] = [];
  const add = (count: number) => {
    for (let index = 0; index < count; index++) {
      sent.push(String(sent.length).padStart(20, "0"));
      writer.add(sent.at(-1) ?? "");
    }
  };
  add(1_000);
  expect(stream.writableLength).toBeLessThan(LIMITS.behind + 2 * LIMITS.batch);
  writer.tell(["told"]);
  add(10);
  let text = "";
  stream.on("data", (piece) => {
    text += String(piece);
  });
  await expect.poll(() => text).toMatch(/missed 10\n$/);
  add(1);
  await expect.poll(() => text).toContain(`${sent.at(-1)}\n`);
  const lines = text.trimEnd().split("\n");
  const before = lines.indexOf("told") - 1;
  expect(lines).toEqual([
    ...sent.slice(0, before),
    `missed ${1_000 - before}`,
    "told",
    "missed 10",
    sent.at(-1),
  ]);
  expect(before).toBeGreaterThan(LIMITS.behind / 21);
});
