import fc from "fast-check";
import { expect, test } from "vitest";
import {
  data,
  FLAG,
  FRAME,
  frame,
  PREFACE,
  padded,
  ping,
  rstStream,
  SETTING,
  settings,
  windowUpdate,
} from "../../support/http2-raw/frames.ts";
import { integer, literals, text } from "../../support/http2-raw/header-block.ts";
import { ask, head, http2Proxy, post } from "./support.ts";

const block = literals(ask("POST", "/echo", [["x-a", "1"]]));
const indexed = Buffer.concat([
  Buffer.from([0x82, 0x86, 0x84, 0x41]),
  text("a.test"),
  Buffer.from([0x40]),
  text("x-a"),
  text("1"),
]);

/** Requests and what goes between them, right as they are. */
const CONVERSATIONS: readonly (readonly Buffer[])[] = [
  [settings(), head(1), head(3, ask("GET", "/big?40000")), windowUpdate(0, 1_000), windowUpdate(3, 1_000)],
  [
    settings([SETTING.initialWindowSize, 10]),
    post(1),
    data(1, "one", "more"),
    ping("12345678"),
    data(1, "two"),
    windowUpdate(1, 5),
  ],
  [
    ...[
      settings([SETTING.headerTableSize, 0], [SETTING.maxFrameSize, 20_000]),
      frame(FRAME.headers, 0, 1, block.subarray(0, 12)),
    ],
    ...[
      frame(FRAME.continuation, FLAG.endHeaders, 1, block.subarray(12)),
      data(1, "body", "more"),
      head(1, [["x-t", "1"]]),
    ],
  ],
  [
    ...[
      settings(),
      frame(FRAME.headers, 5, 1, indexed),
      frame(FRAME.headers, 5, 3, Buffer.from([0x82, 0x86, 0x84, 0xbf, 0xbe])),
    ],
    ...[frame(FRAME.headers, 5, 5, Buffer.concat([integer(0, 5, 0x20), indexed]))],
  ],
  [
    settings(),
    post(1, "/never"),
    data(1, "x".repeat(900), "more"),
    rstStream(1, 8),
    post(3),
    frame(FRAME.data, 9, 3, padded("x", 40)),
  ],
  [
    ...[
      settings([SETTING.initialWindowSize, 0]),
      head(1, ask("GET", "/big?70000")),
      settings([SETTING.initialWindowSize, 70_000]),
    ],
    ...[
      windowUpdate(0, 100_000),
      frame(FRAME.priority, 0, 1, Buffer.alloc(5)),
      frame(FRAME.goAway, 0, 0, Buffer.alloc(8)),
    ],
  ],
  [
    settings(),
    head(1, ask("HEAD")),
    head(3, ask("GET", "/status?204")),
    post(5, "/echo", [["content-length", "3"]]),
    data(5, "abc"),
  ],
];

/** What chance does to one frame. */
type Change =
  | { readonly kind: "flip"; readonly at: number; readonly bits: number }
  | { readonly kind: "drop" | "twice" | "cut" | "swap" | "noise"; readonly at: number };

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("flip"),
      at: fc.nat(4_000),
      bits: fc.integer({ min: 1, max: 255 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom("drop", "twice", "cut", "swap", "noise"),
      at: fc.nat(4_000),
    }),
  },
);

function changed(frames: readonly Buffer[], by: Change): Buffer[] {
  const made = [...frames];
  const i = by.at % made.length;
  const one = made[i] ?? Buffer.alloc(0);
  if (by.kind === "drop") made.splice(i, 1);
  else if (by.kind === "twice") made.splice(i, 0, one);
  else if (by.kind === "cut") made[i] = one.subarray(0, by.at % (one.length + 1));
  else if (by.kind === "swap") made.splice(i, 1, ...made.splice((i + 1) % made.length, 1, one));
  else if (by.kind === "noise") made.splice(i, 0, Buffer.from(String(by.at * 7_919)));
  else if ("bits" in by) {
    const copy = Buffer.from(one);
    // Heads of frames are changed more often than their payloads.
    const at = by.at % (by.at % 3 === 0 ? copy.length : Math.min(copy.length, 9));
    copy[at] = (copy[at] ?? 0) ^ by.bits;
    made[i] = copy;
  }
  return made.length === 0 ? [Buffer.alloc(0)] : made;
}

test("conversations changed by chance end at most: nothing hangs or throws, and others are served", async () => {
  const proxy = await http2Proxy({
    limits: { headMs: 400, bodyIdleMs: 400, writeIdleMs: 400, lingerMs: 400 },
  });
  const other = await proxy.open({ settings: [] });
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...CONVERSATIONS),
      fc.array(change, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(3, 50, 5_000),
      async (frames, changes, size) => {
        const client = await proxy.open({ preface: "none" });
        const bytes = Buffer.concat([PREFACE, ...changes.reduce<readonly Buffer[]>(changed, frames)]);
        for (let at = 0; at < bytes.length; at += size) client.send(bytes.subarray(at, at + size));
        other.head(2 * asked + 1, ask("GET", "/other"));
        expect(await other.answer(2 * asked++ + 1)).toMatchObject({ status: 200 });
        client.socket.end();
        await client.end();
        client.socket.destroy();
      },
    ),
    { numRuns: 200, seed: 9113, interruptAfterTimeLimit: 5_000 },
  );
  await proxy.isWell();
});
