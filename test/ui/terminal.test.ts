import { expect, test, vi } from "vitest";
import { createScreen, type TerminalOutput } from "../../ui/terminal/screen.ts";
import { createFrameThrottle } from "../../ui/terminal/throttle.ts";

/** A terminal output that records what was written since the last read. */
function output(size: { columns?: number; rows?: number } = { columns: 80, rows: 24 }) {
  let text = "";
  const stream: TerminalOutput = {
    ...size,
    write(written: string, done?: () => void) {
      text += written;
      done?.();
      return true;
    },
  };
  const read = () => {
    const written = text;
    text = "";
    return written;
  };
  return { stream, read };
}

test("a screen takes the terminal over once, and gives back all that it took", async () => {
  const { stream, read } = output();
  const screen = createScreen(stream);
  expect(read()).toBe("");
  screen.enter();
  expect(read()).toMatch("\x1b[?1049h\x1b[?25l\x1b[?7l");
  screen.enter();
  expect(read()).not.toMatch("\x1b[?1049h");
  await screen.close();
  expect(read()).toBe("\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l");
  screen.paint("late");
  screen.enter();
  screen.closeNow();
  await screen.close();
  expect(read()).toBe("");
});

test("lent to a shell and taken back", async () => {
  const { stream, read } = output();
  const screen = createScreen(stream);
  screen.enter();
  await screen.leave();
  read();
  screen.paint("meanwhile");
  expect(read()).toBe("");
  screen.enter();
  expect(read()).toMatch("\x1b[?1049h");
});

test("an exit listener restores too, once", () => {
  const { stream, read } = output();
  const screen = createScreen(stream);
  screen.enter();
  read();
  screen.closeNow();
  screen.closeNow();
  expect(read().split("\x1b[?1049l")).toHaveLength(2);
});

test("only lines that differ are written, and a frame is one write of its own", () => {
  const { stream, read } = output();
  const screen = createScreen(stream);
  screen.enter();
  read();
  screen.paint("a\nb\nc");
  read();
  screen.paint("a\nB\nc");
  expect(read()).toBe("\x1b[?2026h\x1b[2;1H\x1b[2KB\x1b[0m\x1b[?2026l");
  screen.paint("a\nB\nc");
  expect(read()).toBe("");
  screen.paint("a");
  expect(read()).toBe("\x1b[?2026h\x1b[2;1H\x1b[2K\x1b[0m\x1b[3;1H\x1b[2K\x1b[0m\x1b[?2026l");
  screen.forget();
  screen.paint("a");
  expect(read()).toBe("\x1b[?2026h\x1b[0m\x1b[2J\x1b[1;1H\x1b[2Ka\x1b[0m\x1b[?2026l");
});

test.each([
  [
    { columns: 80, rows: 24 },
    { columns: 80, rows: 24 },
  ],
  [
    { columns: 0, rows: 0 },
    { columns: 80, rows: 24 },
  ],
  [{}, { columns: 80, rows: 24 }],
  [
    { columns: 1, rows: 1 },
    { columns: 1, rows: 1 },
  ],
])("a terminal that says %j has %j", (said, size) => {
  expect(createScreen(output(said).stream).size()).toEqual(size);
});

test("lines below the screen are not painted", () => {
  const { stream, read } = output({ columns: 80, rows: 2 });
  const screen = createScreen(stream);
  screen.enter();
  read();
  screen.paint("a\nb\nc");
  expect(read()).not.toMatch("\x1b[3;1H");
});

/** Requests a run every ms for `length` ms; a run takes `cost` ms. Returns the times of the runs. */
function runs(cost: number, length: number): readonly number[] {
  vi.useFakeTimers();
  let now = 0;
  const starts: number[] = [];
  const throttle = createFrameThrottle(
    () => {
      starts.push(now);
      now += cost;
    },
    { least: 50, share: 0.1, most: 1000, now: () => now },
  );
  for (; now < length; now++) {
    throttle.request();
    vi.advanceTimersByTime(1);
  }
  throttle.stop();
  vi.useRealTimers();
  return starts;
}

test.each([
  // a run takes, runs in 1 s at most, and at least
  [0, 21, 18],
  [1, 21, 17],
  [20, 6, 4],
])("a run of %i ms runs at most %i times a second under load", (cost, most, least) => {
  const count = runs(cost, 1000).length;
  expect(count).toBeLessThanOrEqual(most);
  expect(count).toBeGreaterThanOrEqual(least);
});

test("the first request after a pause runs at once, and the last is never lost", () => {
  vi.useFakeTimers();
  let now = 0;
  let asked = 0;
  let shown = 0;
  const throttle = createFrameThrottle(() => (shown = asked), {
    least: 50,
    share: 0.1,
    most: 1000,
    now: () => now,
  });
  const pass = (ms: number) => {
    now += ms;
    vi.advanceTimersByTime(ms);
  };
  asked = 1;
  throttle.request();
  pass(1);
  expect(shown).toBe(1);
  asked = 2;
  throttle.request();
  pass(10);
  expect(shown).toBe(1);
  pass(40);
  expect(shown).toBe(2);
  pass(500);
  asked = 3;
  throttle.request();
  pass(1);
  expect(shown).toBe(3);
  asked = 4;
  throttle.request();
  throttle.stop();
  throttle.request();
  pass(5000);
  expect(shown).toBe(3);
  vi.useRealTimers();
});
