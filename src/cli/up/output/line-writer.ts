import type { Writable } from "node:stream";

export interface LineWriterLimits {
  /** The longest wait of a line for others. unit: ms */
  readonly waitMs: number;
  /** Lines of this size together are written at once. unit: characters */
  readonly batch: number;
  /** What waits for a slow reader; what comes after is left out. unit: bytes */
  readonly behind: number;
}

export const LINE_LIMITS: LineWriterLimits = { waitMs: 20, batch: 64 * 1024, behind: 16 * 1024 * 1024 };

const ASCII = /^[\0-\x7f]*$/;

/** Lines on their way to a stream, in order. */
export interface LineWriter {
  /** A line that may wait for others, and is left out while the reader is far behind. */
  readonly add: (line: string) => void;
  /** Lines that are written now, behind those that wait. */
  readonly tell: (lines: readonly string[]) => void;
  /** Writes what waits; from now on every line is written at once. */
  readonly hurry: () => void;
}

/**
 * Writes lines in few pieces: a write costs as much as making ten lines. `missed` gives the lines to write where
 * lines were left out.
 */
export function createLineWriter(
  stream: Writable,
  missed: (count: number) => readonly string[],
  limits: LineWriterLimits = LINE_LIMITS,
): LineWriter {
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  let isHurried = false;
  let isBehind = false;
  let left = 0;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const text = waiting;
    waiting = "";
    // Node measures a text of UTF-8 before it writes it: twice the time of one with a byte for each character.
    if (text !== "" && stream.writable) stream.write(text, ASCII.test(text) ? "latin1" : "utf8");
  };
  const tell = (lines: readonly string[]) => {
    const count = left;
    left = 0;
    for (const line of count === 0 ? lines : [...missed(count), ...lines]) waiting += `${line}\n`;
    flush();
  };
  stream.on("drain", () => {
    isBehind = false;
    if (left > 0) tell([]);
  });
  return {
    add(line) {
      isBehind ||= stream.writableLength > limits.behind;
      if (isBehind) {
        left++;
        return;
      }
      waiting += `${line}\n`;
      if (isHurried || waiting.length >= limits.batch) flush();
      else timer ??= setTimeout(flush, limits.waitMs);
    },
    tell,
    hurry() {
      isHurried = true;
      flush();
    },
  };
}
