import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Ending } from "./answer.ts";
import { patiently } from "./patience.ts";

/** What a lane's backend does when it is asked. */
interface Script {
  readonly pieces: readonly string[];
  readonly end: Ending;
  /** Between two pieces. unit: ms */
  readonly pauseMs: number;
  /** An open connection without a complete answer at the client ends after this. unit: ms */
  readonly patienceMs: number;
}

/** A connection that has served an earlier request, or a fresh one. */
export type Use = "kept" | "fresh";

/** The backend of one lane. It serves one request at a time. */
export interface BackendLane {
  readonly port: number;
  /** For requests other than the probe's, until the next script. `turn` hears of each. */
  follow(script: Script, turn: (turn: "asked" | "ended") => void): void;
  /** The client has the answer: nothing is ended out of impatience any more. */
  answered(): void;
  /** Resolves when every begun answer is sent, its end included. */
  played(): Promise<void>;
  /** Requests for the script so far, by the connection that each came on. */
  asked(): readonly Use[];
  /** True if the last probe came on the connection of the last request before it. */
  sameConnection(): boolean;
  close(): Promise<void>;
}

/** Requests for this path get a good answer. `close`: the last of its connection. */
export const PROBE = { keep: "/probe/keep", close: "/probe/close" } as const;
export const PROBED = "probed";

/** Larger uploads are answered before their end. */
const EARLY_BYTES = 1_000;

export async function startBackendLane(): Promise<BackendLane> {
  const sockets = new Set<Socket>();
  let script: Script | undefined;
  let tell: (turn: "asked" | "ended") => void = () => undefined;
  let asked: Use[] = [];
  let last: Socket | undefined;
  let same = false;
  let isAnswered = false;
  /** Cancel the ends of open connections. */
  let impatient: (() => void)[] = [];
  let plays: Promise<void>[] = [];
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    let text = "";
    let served = 0;
    /** Bytes of an upload that nobody reads. */
    let unread = 0;
    socket.on("data", (chunk) => {
      const skipped = Math.min(unread, chunk.length);
      unread -= skipped;
      text += chunk.toString("latin1", skipped);
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = text.slice(0, end);
      const use = served === 0 ? "fresh" : "kept";
      if (/^GET \S*\/probe\//.test(head)) {
        text = text.slice(end + 4);
        served++;
        same = socket === last;
        last = socket;
        const closes = head.includes(PROBE.close);
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Length: ${PROBED.length}\r\n${closes ? "Connection: close\r\n" : ""}\r\n${PROBED}`,
        );
        if (closes) socket.end();
        return;
      }
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      const after = end + 4 + length;
      if (text.length < after && length < EARLY_BYTES) return;
      unread = Math.max(0, after - text.length);
      text = text.slice(after);
      served++;
      asked.push(use);
      tell("asked");
      last = socket;
      if (script !== undefined) plays.push(play(socket, script));
    });
  });

  async function play(socket: Socket, { pieces, end, pauseMs, patienceMs }: Script): Promise<void> {
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await pause(pauseMs);
      if (socket.destroyed) break;
      socket.write(piece, "latin1");
    }
    if (pieces.length > 1 && end !== "open") await pause(pauseMs);
    if (socket.destroyed) tell("ended");
    else if (end === "reset") {
      socket.resetAndDestroy();
      tell("ended");
    } else if (end === "closed") {
      await ended(socket);
      tell("ended");
    } else if (!isAnswered) {
      impatient.push(
        patiently(patienceMs, () => {
          socket.end();
          tell("ended");
        }),
      );
    }
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    follow: (next, turn) => {
      script = next;
      tell = turn;
      asked = [];
      plays = [];
      isAnswered = false;
    },
    answered: () => {
      isAnswered = true;
      for (const cancel of impatient) cancel();
      impatient = [];
    },
    played: async () => {
      for (let done = 0; done < plays.length; ) {
        done = plays.length;
        await Promise.all(plays);
      }
    },
    asked: () => asked,
    sameConnection: () => same,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves when the end is sent, or nobody is there to get it. */
function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", resolve);
    socket.end(resolve);
  });
}
