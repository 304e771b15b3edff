import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { Http1Client } from "../../src/proxy/connect/http1-client.ts";
import { type Answer, type Arrival, piecesOf } from "./answers/answer.ts";
import { generated } from "./answers/generate.ts";
import { TABLE } from "./answers/table.ts";
import { random } from "./raw/mutate.ts";

/** A fixed seed repeats the same answers. */
const SEED = Number(process.env.ANSWERS_SEED ?? 1);
const RUNS = Number(process.env.ANSWERS_RUNS ?? 5_000);
/** `proxy_buffer_size` */
const HEAD_BYTES = 4_096;
/** Longer answers are split alone. unit: bytes */
const MOST_BYTE_BY_BYTE = 1_000;
const MANY = { timeout: 3_600_000 };

/** What a carrier hears of an answer. */
interface Heard {
  readonly status: number;
  readonly text: string;
  readonly fields: readonly string[];
  readonly body: string;
  readonly outcome: "ended" | "failed" | "waits";
  /** No request can follow on the connection. */
  readonly over: boolean;
}

/** Reads an answer without a socket: from a stream in this process. */
function hear({ method, bytes, end }: Answer, arrival: Arrival, draw: (below: number) => number): Heard {
  const stream = new Duplex({ read: () => undefined, write: (_bytes, _encoding, written) => written() });
  const client = new Http1Client(
    60_000,
    (connected) => connected(null, stream),
    () => undefined,
  );
  const heard: { -readonly [Name in keyof Heard]: Heard[Name] } = {
    ...{ status: 0, text: "", fields: [], body: "", outcome: "waits", over: false },
  };
  client.send(
    {
      method,
      path: "/x",
      lines: ["Host", "a.test"],
      body: null,
      length: "",
      readTimeoutMs: 60_000,
      headBytes: HEAD_BYTES,
    },
    {
      head: ({ status, line, raw, bytes: size }) => {
        if (size <= HEAD_BYTES) Object.assign(heard, { status, line, fields: raw });
        else {
          // As the carrier does.
          client.destroy();
          heard.outcome = "failed";
        }
      },
      data: (piece) => {
        heard.body += piece.toString("latin1");
        return "free";
      },
      end: () => Object.assign(heard, { outcome: "ended" }),
      switched: () => undefined,
      fail: () => Object.assign(heard, { outcome: "failed" }),
    },
  );
  for (const piece of piecesOf(bytes, arrival, draw)) stream.emit("data", Buffer.from(piece, "latin1"));
  if (end === "closed") stream.emit("end");
  else if (end === "reset") stream.emit("error", new Error("read ECONNRESET"));
  heard.over = client.isOver;
  client.destroy();
  return heard;
}

test(
  `${TABLE.length} that were thought of and ${RUNS} that are drawn are read byte by byte as at once`,
  MANY,
  () => {
    const draw = random(SEED);
    const drawn = Array.from({ length: RUNS }, (_, run) =>
      generated(`ANSWERS_SEED=${SEED}, ${run}`, draw, TABLE),
    );
    const outcomes = new Map<Heard["outcome"], number>();
    const wrong = [...TABLE, ...drawn].flatMap((answer) => {
      const whole = hear(answer, "at once", draw);
      outcomes.set(whole.outcome, (outcomes.get(whole.outcome) ?? 0) + 1);
      const arrivals: readonly Arrival[] =
        answer.bytes.length > MOST_BYTE_BY_BYTE ? ["split"] : ["byte by byte", "split"];
      return arrivals.flatMap((arrival) => {
        const pieces = hear(answer, arrival, draw);
        return isSame(whole, pieces) ? [] : [{ answer, arrival, whole, pieces }];
      });
    });
    expect(wrong).toEqual([]);
    for (const outcome of ["ended", "failed", "waits"] as const)
      expect(outcomes.get(outcome), outcome).toBeGreaterThan(100);
  },
);

/** Of a read with a fault nothing is handed on; in pieces what came before the fault is. */
function isSame(whole: Heard, pieces: Heard): boolean {
  const known = whole.outcome === "failed" ? { ...pieces, body: whole.body } : pieces;
  return pieces.body.startsWith(whole.body) && JSON.stringify(whole) === JSON.stringify(known);
}
