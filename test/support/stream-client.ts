import type { Duplex, Readable } from "node:stream";
import type { BodySource } from "../../src/proxy/connect/body-source.ts";
import { Http1Client } from "../../src/proxy/connect/http1-client.ts";

export interface Ask {
  readonly method?: string;
  readonly path: string;
  /** Names and values alternating, `Host` first. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer | Readable;
  readonly signal?: AbortSignal;
}

interface Answered {
  readonly status: number;
  /** By lower-case name, each as often as it came. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly text: string;
}

/** The proxy's HTTP/1 client over connections that somebody else opens, one at a time. */
export interface StreamClient {
  ask(options: Ask): Promise<Answered>;
  destroy(): void;
}

const IDLE_MS = 60_000;

export function streamClient(open: () => Promise<Duplex>): StreamClient {
  let client: Http1Client | undefined;
  const connected = () => {
    if (client === undefined || client.isOver)
      client = new Http1Client(
        IDLE_MS,
        (done) =>
          void open().then(
            (stream) => done(null, stream),
            (error: Error) => done(error, null),
          ),
        () => undefined,
      );
    return client;
  };
  return { ask: (options) => ask(connected(), options), destroy: () => client?.destroy() };
}

function ask(client: Http1Client, options: Ask): Promise<Answered> {
  const { method = "GET", path, headers = ["Host", "echo.invalid"], body = null, signal } = options;
  const whole =
    typeof body === "string"
      ? Buffer.from(body)
      : body === null || Buffer.isBuffer(body)
        ? body
        : sourceOf(body);
  const length = Buffer.isBuffer(whole) ? String(whole.length) : "";
  const lines = [
    ...[...headers.slice(0, 2), "Connection", "keep-alive", ...headers.slice(2)],
    ...(length === "" ? [] : ["Content-Length", length]),
  ];
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const found: Record<string, string[]> = {};
    let status = 0;
    signal?.addEventListener("abort", () => {
      client.destroy();
      reject(new Error("aborted"));
    });
    client.send(
      { method, path, lines, body: whole, length, readTimeoutMs: IDLE_MS },
      {
        head: (head) => {
          status = head.status;
          for (let i = 0; i + 1 < head.raw.length; i += 2) {
            const name = (head.raw[i] ?? "").toLowerCase();
            found[name] = [...(found[name] ?? []), head.raw[i + 1] ?? ""];
          }
        },
        data: (bytes) => {
          chunks.push(bytes);
          return "held";
        },
        end: () => resolve({ status, headers: found, text: Buffer.concat(chunks).toString() }),
        switched: () => reject(new Error("switched")),
        fail: reject,
      },
    );
  });
}

/** A stream as a request's body. */
function sourceOf(stream: Readable): BodySource {
  return {
    start: (taker) =>
      void stream
        .on("data", (bytes: Buffer) => taker.data(bytes))
        .on("end", () => taker.end())
        .on("error", (error) => taker.failed(error)),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    stop: () => void stream.removeAllListeners("data").removeAllListeners("end"),
  };
}
