import type { Duplex } from "node:stream";

/** One char per byte. */
export interface WireResponse {
  readonly status: number;
  /** Lower-case names; the last value counts. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A connection for requests byte for byte, one at a time; reopened when the server ends it. */
export interface Wire {
  /** `undefined`: the connection ended without an answer. */
  ask(bytes: string, method: string): Promise<WireResponse | undefined>;
  close(): void;
}

/** Catches a hang, not slowness. unit: ms */
const PATIENCE_MS = 20_000;

/** Repetitions of a request without an answer, each later than the last. */
const RETRIES = 3;
const RETRY_MS = 20;

export function openWire(open: () => Duplex): Wire {
  let socket: Duplex | undefined;
  // `close` handles errors; without a listener an error between two requests would end the process.
  const opened = () => open().on("error", () => undefined);
  return {
    ask: async (bytes, method) => {
      socket ??= opened();
      let answer = await exchange(socket, bytes, method);
      // A server may end an idle connection as the next request is sent, or not accept connections yet.
      for (let retry = 1; answer === undefined && retry <= RETRIES; retry++) {
        socket.destroy();
        await new Promise((resolve) => setTimeout(resolve, retry * RETRY_MS));
        socket = opened();
        answer = await exchange(socket, bytes, method);
      }
      if (answer === undefined || answer.last) {
        socket.destroy();
        socket = undefined;
      }
      return answer;
    },
    close: () => socket?.destroy(),
  };
}

/** Several wires, each with its own queue, so that requests rarely wait for each other. */
export function openWires(open: () => Duplex, size: number): Wire {
  const wires = Array.from({ length: size }, () => openWire(open));
  const queues = wires.map((): Promise<unknown> => Promise.resolve());
  let next = 0;
  return {
    ask: (bytes, method) => {
      const lane = next++ % size;
      const answer = (queues[lane] ?? Promise.resolve()).then(() => wires[lane]?.ask(bytes, method));
      queues[lane] = answer.catch(() => undefined);
      return answer;
    },
    close: () => {
      for (const wire of wires) wire.close();
    },
  };
}

type Answer = WireResponse & { readonly last: boolean };

function exchange(socket: Duplex, bytes: string, method: string): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => settle(new Error(`no answer to ${JSON.stringify(bytes)}`)), PATIENCE_MS);
    const onData = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const answer = parse(text, method, "open");
      if (answer !== undefined) settle(answer);
    };
    const onEnd = () => settle(parse(text, method, "ended"));
    const settle = (outcome: Answer | Error | undefined) => {
      clearTimeout(timer);
      socket.off("data", onData).off("end", onEnd).off("close", onEnd);
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    socket.on("data", onData).on("end", onEnd).on("close", onEnd);
    socket.write(bytes, "latin1");
  });
}

/** The response once complete. */
function parse(text: string, method: string, connection: "open" | "ended"): Answer | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1]);
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const rest = text.slice(end + 4);
  const length = headers.get("content-length");
  const none = method === "HEAD" || status === 204 || status === 304;
  const last = headers.get("connection") === "close";
  const body = none
    ? ""
    : length !== undefined
      ? whole(rest, Number(length))
      : headers.get("transfer-encoding") === "chunked"
        ? unchunked(rest)
        : connection === "ended"
          ? rest
          : undefined;
  return body === undefined ? undefined : { status, headers, body, last: last || connection === "ended" };
}

function whole(rest: string, length: number): string | undefined {
  return rest.length < length ? undefined : rest.slice(0, length);
}

function unchunked(raw: string): string | undefined {
  let rest = raw;
  let body = "";
  for (;;) {
    const end = rest.indexOf("\r\n");
    const size = Number.parseInt(rest.slice(0, end), 16);
    if (end < 0 || rest.length < end + size + 4) return undefined;
    if (size === 0) return body;
    body += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + size + 4);
  }
}
