import type { Mirror } from "../../model/route/rewrites.ts";
import type { Upstream } from "../../model/upstream.ts";
import { requestLines } from "../../plane/request-lines.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Sink } from "./carrier.ts";
import type { Carrying } from "./carrying.ts";
import { directOrHttp1 } from "./direct-or-http1.ts";

/** Locations of copies have nginx's defaults (template.go, buildMirrorLocations). */
const TIMEOUT_MS = 60_000;

/**
 * Sends a copy of a request to its mirror and discards the answer. The request neither waits for it nor hears
 * of it.
 *
 * `body`: the whole body; `undefined` for none
 */
export function sendCopy(
  context: Carrying,
  exchange: Exchange,
  mirror: Mirror,
  body: Buffer | undefined,
): void {
  const upstream = upstreamOf(context, mirror);
  if (upstream === undefined) return;
  const length = body === undefined ? "" : String(body.length);
  const request = {
    method: exchange.method,
    path: upstream.basePath + mirror.path.replace(FORBIDDEN, encodeURIComponent),
    version: "1.0",
    lines: linesOf(exchange, mirror, length),
    body: body ?? null,
    length,
    readTimeoutMs: TIMEOUT_MS,
  } as const;
  const how = {
    upstream,
    request,
    connectTimeoutMs: TIMEOUT_MS,
    connection: "fresh",
    idempotent: false,
  } as const;
  directOrHttp1(context.pools, how, UNHEARD).start();
}

const FORBIDDEN = /[^\x21-\xff]/g;

function upstreamOf(context: Carrying, { scheme, to }: Mirror): Upstream | undefined {
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

/** Reads an answer to its end and ignores it. */
const UNHEARD: Sink = { head() {}, data: () => "free", trailers() {}, end() {}, fail() {} };
