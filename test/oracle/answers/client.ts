import { connect, type Socket } from "node:net";
import { patiently } from "./patience.ts";

/** An answer as the client sees it. */
export interface Received {
  /** Status and phrase; `""`: no answer. */
  readonly status: string;
  /** Header lines without each server's own, sorted. */
  readonly headers: readonly string[];
  readonly body: string;
  /** By its framing. */
  readonly body_is: "complete" | "cut off" | "never complete" | "raw";
  /** Bytes behind the end of the answer, that came with it. */
  readonly behind: string;
  /** The client's connection afterwards. */
  readonly connection: "kept" | "closed";
}

/** A client that sends one request at a time, on one connection while it is kept. */
export interface LaneClient {
  /** @param quietMs bytes without a head of the server's own are read until none came for this long */
  ask(request: string, method: string, quietMs: number): Promise<Received>;
  /** Settles a request that has no answer by then. */
  giveUpIn(ms: number): void;
  /** True if the last request went on the connection of the one before. */
  isSame(): boolean;
  close(): void;
}

/** Dates and server names differ. */
const OWN = /^(?:server|date):/i;
/** What both servers begin an answer with; HTTP/0.9 has none of it. */
const OWN_HEAD =
  /^HTTP\/1\.1 \d{3}(?:[ .][^\n]*)?\r\n(?:[^\n]+\n)*Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT\r\n/;

export function openLaneClient(port: number, patienceMs: number): LaneClient {
  let socket: Socket | undefined;
  let same = false;
  let requests = 0;
  let giveUpIn: (ms: number) => void = () => undefined;
  return {
    isSame: () => same,
    giveUpIn: (ms) => giveUpIn(ms),
    close: () => socket?.destroy(),
    ask: (request, method, quietMs) =>
      new Promise((resolve) => {
        if (socket === undefined || socket.destroyed) {
          socket = connect({ port, host: "127.0.0.1", noDelay: true });
          requests = 0;
        }
        const asked = socket;
        same = requests++ > 0;
        let text = "";
        let stopQuiet = () => {};
        const settle = (received: Received) => {
          giveUpIn = () => undefined;
          stop();
          stopQuiet();
          asked.removeAllListeners("data").removeAllListeners("end").removeAllListeners("error");
          asked.on("error", () => undefined);
          if (received.connection === "closed") asked.destroy();
          else asked.on("end", () => asked.destroy());
          resolve(received);
        };
        const giveUp = () =>
          settle({ ...received(text, method, "ended"), body_is: "never complete", connection: "closed" });
        let stop = patiently(patienceMs, giveUp);
        giveUpIn = (ms) => {
          stop();
          stop = patiently(ms, giveUp);
        };
        asked.removeAllListeners("end").removeAllListeners("error");
        asked.on("data", (chunk) => {
          text += chunk.toString("latin1");
          stopQuiet();
          const read = received(text, method, "open");
          if (read.body_is === "complete") settle(read);
          else if (read.body_is === "raw") stopQuiet = patiently(quietMs, () => settle(read));
        });
        asked.on("end", () => settle(received(text, method, "ended")));
        asked.on("error", () => settle(received(text, method, "ended")));
        asked.write(request, "latin1");
      }),
  };
}

function received(text: string, method: string, state: "open" | "ended"): Received {
  const end = text.indexOf("\r\n\r\n");
  const cutOff = { body_is: "cut off", behind: "", connection: "closed" } as const;
  if (end < 0 || !OWN_HEAD.test(text) || text.startsWith("HTTP/1.1 1"))
    return {
      status: "",
      headers: [],
      body: withoutDate(text),
      ...cutOff,
      ...(text === "" ? {} : { body_is: "raw" }),
    };
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = first.replace(/^HTTP\/1\.1 /, "");
  const headers = lines.filter((line) => !OWN.test(line)).sort();
  const rest = text.slice(end + 4);
  const says = (line: string) => lines.some((found) => found.toLowerCase() === line);
  const connection = state === "ended" || says("connection: close") ? "closed" : "kept";
  const framed = (body: string, isWhole: boolean, behind: string): Received => ({
    ...{ status, headers, body, behind },
    ...(isWhole ? { body_is: "complete", connection } : { body_is: "cut off", connection: "closed" }),
  });
  if (method === "HEAD" || /^(?:204|304)\b/.test(status)) return framed("", true, rest);
  if (says("transfer-encoding: chunked")) {
    const { body, size } = unchunked(rest);
    return framed(body, size !== undefined, size === undefined ? "" : rest.slice(size));
  }
  const length = /^content-length: (\d+)$/im.exec(lines.join("\n"))?.[1];
  if (length === undefined) return framed(rest, state === "ended", "");
  const size = Number(length);
  return framed(rest.slice(0, size), rest.length >= size, rest.slice(size));
}

/** `size`: bytes up to the end of the last chunk; `undefined` while there is none. */
function unchunked(text: string): { readonly body: string; readonly size: number | undefined } {
  let body = "";
  let at = 0;
  for (;;) {
    const line = text.indexOf("\r\n", at);
    const bytes = Number.parseInt(text.slice(at, line), 16);
    if (line < 0 || Number.isNaN(bytes)) return { body, size: undefined };
    at = line + 2;
    if (bytes === 0) {
      const end = text.startsWith("\r\n", at) ? at : text.indexOf("\r\n\r\n", at) + 2;
      return { body, size: end < 2 || end + 2 > text.length ? undefined : end + 2 };
    }
    body += text.slice(at, at + bytes);
    at += bytes + 2;
  }
}

function withoutDate(text: string): string {
  return text.replace(/^Date: [^\n]*GMT\r\n/m, "");
}
