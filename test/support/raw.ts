import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Everything received, one char per byte, and how the connection ended. */
export interface RawAnswer {
  readonly text: string;
  readonly ended: "closed" | "reset" | "open";
}

/** A raw connection for requests that no HTTP client sends. */
export interface RawClient {
  readonly socket: Duplex;
  send(bytes: string | Buffer): void;
  text(): string;
  /** Resolves once the received text satisfies `test`; rejects at the connection's end or after 40 s. */
  until(test: (text: string) => boolean): Promise<string>;
  /** Resolves at the connection's end; rejects after 40 s. */
  end(): Promise<RawAnswer>;
}

const PATIENCE_MS = 40_000;

export async function openRaw(port: number, host = "127.0.0.1"): Promise<RawClient> {
  const socket = connect({ port, host, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
  });
  return rawClient(socket);
}

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

/** Sends bytes and returns everything received until the other side ends. */
export async function exchangeRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const client = await openRaw(port);
  client.send(bytes);
  const answer = await client.end();
  client.socket.destroy();
  return answer;
}

/** 0 without a response. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

/** Header lines of the first response. */
export function headLines(text: string): readonly string[] {
  return (text.split("\r\n\r\n")[0] ?? "").split("\r\n").slice(1);
}

export function bodyOf(text: string): string {
  const cut = text.indexOf("\r\n\r\n");
  return cut < 0 ? "" : text.slice(cut + 4);
}

/** Resets a socket, as a killed process does. */
export function reset(socket: Duplex): void {
  if ("resetAndDestroy" in socket) (socket as Socket).resetAndDestroy();
  else socket.destroy();
}
