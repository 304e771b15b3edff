import type { Side } from "../served.ts";
import { type Answer, type Arrival, piecesOf } from "./answer.ts";
import { type BackendLane, PROBE, PROBED, startBackendLane, type Use } from "./backend.ts";
import { type LaneClient, openLaneClient, type Received } from "./client.ts";

/** All that is compared. */
export interface Observed extends Received {
  /** How often the backend was asked, each time on such a connection. */
  readonly asked: readonly Use[];
  /** The answer to the next request, and the connections that it takes: the client's, the backend's. */
  readonly next: string;
}

/** One answer in one way of arriving. */
export interface Trial {
  readonly answer: Answer;
  readonly arrival: Arrival;
  readonly pieces: readonly string[];
}

/** How slowly a trial goes. unit: ms */
export interface Pace {
  /** Between two pieces. */
  readonly pauseMs: number;
  /** Until the backend ends a connection whose answer is not complete. */
  readonly patienceMs: number;
}

/** The client gives up. unit: ms */
const HANGS_MS = 10_000;

/** A side with lanes of its own. A lane's next trial begins when the one before has ended. */
export interface Stage {
  run(trials: readonly Trial[], pace: Pace, lanes?: number): Promise<readonly Observed[]>;
  close(): Promise<void>;
}

export async function openStage(
  open: (ports: readonly number[]) => Promise<Side>,
  size: number,
): Promise<Stage> {
  const backends = await Promise.all(Array.from({ length: size }, startBackendLane));
  const side = await open(backends.map(({ port }) => port));
  const lanes = backends.map((backend, index) => ({
    backend,
    client: openLaneClient(side.port, HANGS_MS),
    path: `/${index}`,
  }));
  return {
    run: async (trials, pace, count = size) => {
      const seen: Observed[] = [];
      let at = 0;
      await Promise.all(
        lanes.slice(0, count).map(async (lane) => {
          let index = at++;
          if (index >= trials.length) return;
          await prepare(lane, trials[index], pace);
          while (index < trials.length) {
            const following = at++;
            const trial = trials[index];

            if (trial !== undefined) seen[index] = await observe(lane, trial, pace, trials[following]);

            index = following;
          }
        }),
      );
      return seen;
    },
    close: async () => {
      for (const { client } of lanes) client.close();
      await side.close();
      await Promise.all(backends.map((backend) => backend.close()));
    },
  };
}

interface Lane {
  readonly backend: BackendLane;
  readonly client: LaneClient;
  readonly path: string;
}

/** Leaves the lane with a kept connection to its backend, or without one. */
function prepare({ client, path }: Lane, next: Trial | undefined, { patienceMs }: Pace): Promise<Received> {
  const probe = next?.answer.connection === "kept" ? PROBE.keep : PROBE.close;
  return client.ask(`GET ${path}${probe} HTTP/1.1\r\nHost: a.test\r\n\r\n`, "GET", patienceMs);
}

async function observe(
  lane: Lane,
  { answer, pieces }: Trial,
  { pauseMs, patienceMs }: Pace,
  next: Trial | undefined,
): Promise<Observed> {
  const { backend, client, path } = lane;
  const { method, end, upload = method === "POST" ? 3 : undefined } = answer;
  backend.follow({ pieces, end, pauseMs, patienceMs }, (turn) =>
    client.giveUpIn(turn === "asked" ? HANGS_MS : 4 * patienceMs),
  );
  const framing = upload === undefined ? "" : `Content-Length: ${upload}\r\n`;
  const request = `${method} ${path}/x HTTP/1.1\r\nHost: a.test\r\n${framing}\r\n${"u".repeat(upload ?? 0)}`;
  const received = await client.ask(request, method, patienceMs);
  backend.answered();
  await backend.played();
  await new Promise(setImmediate);
  const asked = backend.asked();
  const probed = await prepare(lane, next, { pauseMs, patienceMs });
  const good = probed.status === "200 OK" && probed.body === PROBED && probed.behind === "";
  const words = [
    good ? "good" : JSON.stringify(probed),
    client.isSame() ? "client kept" : "client anew",
    backend.sameConnection() ? "backend kept" : "backend anew",
  ];
  return { ...received, asked, next: words.join(", ") };
}

export function trial(answer: Answer, arrival: Arrival, next: (below: number) => number): Trial {
  return { answer, arrival, pieces: piecesOf(answer.bytes, arrival, next) };
}
