import type { Dispatcher } from "undici";
import type { Mirror } from "../../model/settings/mirror.ts";
import type { Upstream } from "../../model/upstream.ts";
import { requestLines } from "../../plane/request-lines.ts";
import type { Lane } from "../connect/pool.ts";
import type { ProxyContext } from "../exchange/context.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { send } from "./send.ts";

/** Nothing of the location holds where a copy is sent from but nginx's defaults (template.go, buildMirrorLocations). */
const TIMEOUT_MS = 60_000;

/**
 * Sends a copy of a request to its mirror, and throws the answer away. The request is neither delayed by it nor told of
 * what became of it.
 *
 * `body`: all of it; `undefined` where the request has none, or none is to be sent.
 */
export function sendCopy(
  context: ProxyContext,
  exchange: Exchange,
  mirror: Mirror,
  body: Buffer | undefined,
): void {
  const upstream = upstreamOf(context, mirror);
  if (upstream === undefined) return;
  const lane = context.pools.open(upstream, TIMEOUT_MS, { idempotent: false });
  const length = body === undefined ? "" : String(body.length);
  send(
    lane,
    {
      method: exchange.method,
      path: upstream.basePath + mirror.path.replace(FORBIDDEN, encodeURIComponent),
      version: "1.0",
      lines: linesOf(exchange, mirror, length),
      body: body ?? null,
      length,
      readTimeoutMs: TIMEOUT_MS,
    },
    new Unheard(context, lane),
  );
}

const FORBIDDEN = /[^\x21-\xff]/g;

function upstreamOf(context: ProxyContext, { scheme, to }: Mirror): Upstream | undefined {
  if ("host" in to) {
    const connection = { kind: "tcp", ...to } as const;
    return { name: `${to.host}:${to.port}`, protocol: scheme, connection, basePath: "" };
  }
  const resolution = context.resolve(to, scheme === "https" ? "HTTPS" : "HTTP");
  return resolution.kind === "upstream" ? resolution.upstream : undefined;
}

/** The client's own, with another `Host`: nginx sets nothing else there, and speaks HTTP/1.0 (tried on nginx 1.22.1). */
function linesOf({ headers }: Exchange, { host }: Mirror, length: string): string[] {
  return requestLines(["Host", host, "Connection", "close"], length, [...headers.claimed, ...headers.kept]);
}

/** Reads an answer to its end, for nobody. */
class Unheard implements Dispatcher.DispatchHandler {
  readonly #context: ProxyContext;
  readonly #lane: Lane;

  constructor(context: ProxyContext, lane: Lane) {
    this.#context = context;
    this.#lane = lane;
  }

  onConnect(): void {}

  onHeaders(): boolean {
    return true;
  }

  onData(): boolean {
    return true;
  }

  onComplete(): void {
    this.#context.pools.discard(this.#lane, new Error("the mirror has answered"));
  }

  onError(error: Error): void {
    this.#context.pools.discard(this.#lane, error);
  }
}
