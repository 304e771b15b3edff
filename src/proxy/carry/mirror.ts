import type { ForwardDecision } from "../../model/decision.ts";
import type { Mirror } from "../../model/route/rewrites.ts";
import type { Upstream } from "../../model/upstream.ts";
import { requestLines } from "../../plane/request-lines.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { type BackendHeaders, backendHeaders } from "./backend-request.ts";
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
  decision: ForwardDecision,
  mirror: Mirror,
  body: Buffer | undefined,
): void {
  const upstream = upstreamOf(context, mirror);
  if (upstream === undefined) return;
  const isTold = mirror.told === "as the backend";
  const request = {
    method: exchange.method,
    path: upstream.basePath + mirror.path.replace(FORBIDDEN, encodeURIComponent),
    version: isTold ? undefined : "1.0",
    ...(isTold
      ? asTheBackend(context, exchange, decision, mirror, upstream)
      : linesOf(exchange, mirror, body)),
    body: body ?? null,
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
function linesOf({ headers }: Exchange, { host }: Mirror, body: Buffer | undefined): BackendHeaders {
  const length = body === undefined ? "" : String(body.length);
  const clients = [...headers.claimed, ...headers.kept];
  return { lines: requestLines(["Host", host, "Connection", "close"], length, clients), length };
}

function asTheBackend(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
  { host }: Mirror,
  upstream: Upstream,
): BackendHeaders {
  const others = (decision.requestHeaders ?? []).filter(([name]) => name.toLowerCase() !== "host");
  const told = { ...decision, requestHeaders: [...others, ["host", host] as const] };
  return backendHeaders(context, exchange, told, upstream);
}

/** Reads an answer to its end and ignores it. */
const UNHEARD: Sink = { head() {}, data: () => "free", trailers() {}, end() {}, fail() {} };
