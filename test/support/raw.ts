import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Everything that came on a connection, one char a byte, and how it ended. */
export interface RawAnswer {
  readonly text: string;
  readonly ended: "closed" | "reset" | "open";
}

/** One connection that speaks bytes, for requests that no HTTP client would send. */
export interface RawClient {
  readonly socket: Duplex;
  send(bytes: string | Buffer): void;
  /** What has come so far. */
  text(): string;
  /** Resolves once what has come satisfies `test`; fails when the connection ends before, or after 10 s. */
  until(test: (text: string) => boolean): Promise<string>;
  /** Resolves once the connection has ended; fails after 10 s. */
  end(): Promise<RawAnswer>;
}

const PATIENCE_MS = 10_000;

/** Opens a connection to a port of this machine. */
export async function openRaw(port: number, host = "127.0.0.1"): Promise<RawClient> {
  const socket = connect({ port, host, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
  });
  return rawClient(socket);
}

/** The same over a stream that is open already. */
export function rawClient(socket: Duplex): RawClient {
  let text = "";
  let ended: RawAnswer["ended"] = "open";
  const watchers = new Set<() => void>();
  const wake = () => {
    for (const watcher of watchers) watcher();
  };
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    wake();
  });
  socket.on("error", () => {
    ended = "reset";
    wake();
  });
  socket.on("end", () => {
    if (ended === "open") ended = "closed";
    socket.end();
    wake();
  });
  socket.on("close", () => {
    if (ended === "open") ended = "closed";
    wake();
  });
  const wait = (ready: () => boolean | Error): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (error: Error | undefined) => {
        clearTimeout(timer);
        watchers.delete(look);
        if (error === undefined) resolve();
        else reject(error);
      };
      const look = () => {
        const state = ready();
        if (state === true) settle(undefined);
        else if (state instanceof Error) settle(state);
      };
      const timer = setTimeout(
        () => settle(new Error(`nothing of the kind came: ${JSON.stringify(text)}`)),
        PATIENCE_MS,
      );
      watchers.add(look);
      look();
    });
  return {
    socket,
    send: (bytes) => void socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes),
    text: () => text,
    async until(test) {
      await wait(() => {
        if (test(text)) return true;
        return ended === "open" ? false : new Error(`the connection ended before: ${JSON.stringify(text)}`);
      });
      return text;
    },
    async end() {
      await wait(() => ended !== "open");
      return { text, ended };
    },
  };
}

/** Sends bytes, and gives everything that comes until the other side ends the connection. */
export async function exchangeRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const client = await openRaw(port);
  client.send(bytes);
  const answer = await client.end();
  client.socket.destroy();
  return answer;
}

/** The status of the first response; 0 where there is none. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

/** The header lines of the first response. */
export function headLines(text: string): readonly string[] {
  return (text.split("\r\n\r\n")[0] ?? "").split("\r\n").slice(1);
}

/** The body of the only response. */
export function bodyOf(text: string): string {
  const cut = text.indexOf("\r\n\r\n");
  return cut < 0 ? "" : text.slice(cut + 4);
}

/** Ends the process's side of a socket by a reset, as a killed process does. */
export function reset(socket: Duplex): void {
  if ("resetAndDestroy" in socket) (socket as Socket).resetAndDestroy();
  else socket.destroy();
}
