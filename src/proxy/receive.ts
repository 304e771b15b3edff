import type { ClientConnection } from "./connection.ts";
import type { Answer, ProxyContext } from "./context.ts";
import { type Admission, takeCourse } from "./course.ts";
import { type Exchange, hasBody, type Incoming, type Outgoing } from "./exchange.ts";
import { containAll } from "./fault.ts";
import { forward } from "./forward.ts";
import { type ReadHeaders, readHeaders } from "./headers.ts";
import { validHost } from "./host.ts";
import { originForm } from "./target.ts";

/** Answers one plain request: by its upstream, or by one of the proxy's own pages. Never throws. */
export function receive(
  context: ProxyContext,
  scheme: "http" | "https",
  connection: ClientConnection,
  request: Incoming,
  response: Outgoing,
): void {
  // Behind an answer that was the last on its connection nothing is a request any more.
  if (connection.closing) return;
  const admission = admit(context, scheme, connection, request, response);
  const { exchange } = admission;
  watch(context, exchange);
  takeCourse(context, admission, (course) => {
    if (course.kind === "answer") context.answer(exchange, course.answer);
    else forward(context, exchange, course.decision, course.upstream);
  });
}

/** Counts the request among the open ones until its response is out or its client gone. */
function watch(context: ProxyContext, exchange: Exchange): void {
  const { connection, request, response } = exchange;
  context.connections.begin(connection);
  connection.latest = exchange;
  response.on("close", () => {
    exchange.errand?.abandon();
    exchange.leave?.();
    if (connection.latest === exchange) connection.latest = undefined;
    context.connections.finish(connection);
  });
  response.on("error", ignore);
  request.on("error", ignore);
  containAll(context, exchange, request, response);
  if ("stream" in request) containAll(context, exchange, request.stream);
}

/** Errors of a client's connection end its requests by `close`; there is nobody to tell. */
function ignore(): void {}

/** Reads a request's head, and checks what nginx checks before it looks for a server. */
export function admit(
  context: ProxyContext,
  scheme: "http" | "https",
  connection: ClientConnection,
  request: Incoming,
  response: Outgoing,
): Admission {
  const headers = readHeaders(request.rawHeaders, context.client());
  const url = request.url ?? "";
  const target = originForm(url);
  const pseudo = request.httpVersionMajor === 2 && "authority" in request ? request.authority : undefined;
  const exchange: Exchange = {
    request,
    response,
    connection,
    remoteAddress: connection.remoteAddress,
    scheme,
    method: request.method ?? "",
    headers,
    host: target?.authority ?? pseudo ?? headers.host,
    target: target?.target ?? url,
    id: headers.requestId === "" ? context.requestId() : headers.requestId,
    time: context.now(),
    startedAt: context.clock(),
    decision: undefined,
    status: 0,
    bytes: 0,
    upstream: undefined,
    why: undefined,
    error: undefined,
    told: false,
    addedHeaders: undefined,
    authCookie: undefined,
    facts: undefined,
    body: undefined,
    spent: false,
    errand: undefined,
    leave: undefined,
  };
  const answer =
    tooLong(context, exchange) ??
    badFraming(exchange) ??
    badHost(exchange, pseudo) ??
    (target === undefined ? refusal(400, "the request target has no path") : undefined) ??
    (exchange.method === "TRACE" ? refusal(405, "nginx does not answer TRACE") : undefined);
  if (answer === undefined) return { kind: "admitted", exchange };
  exchange.why = answer.why;
  return { kind: "refused", exchange, answer };
}

function refusal(status: number, why: string): Answer {
  return { status, why: [why] };
}

/** `large_client_header_buffers 4 8k` of nginx. It says 400 where RFC 6585 has 431 since. */
function tooLong(context: ProxyContext, { target, headers }: Exchange): Answer | undefined {
  const { limits } = context;
  if (target.length > limits.targetBytes)
    return refusal(414, `the request target is longer than ${limits.targetBytes} bytes`);
  if (headers.longest > limits.headerBytes)
    return refusal(431, `a header line is longer than ${limits.headerBytes} bytes`);
  if (headers.bytes > limits.headBytes)
    return refusal(431, `the headers together are longer than ${limits.headBytes} bytes`);
  if (headers.count > limits.headerCount)
    return refusal(431, `there are more than ${limits.headerCount} headers`);
  return undefined;
}

/** What Node's parser lets through although two readers could frame it differently (RFC 9112 section 6.1). */
function badFraming({ request, headers }: Exchange): Answer | undefined {
  if (headers.transferEncoding === "") return undefined;
  if (request.httpVersionMajor === 1 && request.httpVersionMinor === 0)
    return refusal(400, "HTTP/1.0 has no Transfer-Encoding");
  if (headers.transferEncodings > 1) return refusal(400, "there are two Transfer-Encoding headers");
  const codings = headers.transferEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim());
  if (codings.at(-1) !== "chunked") return refusal(400, "the Transfer-Encoding does not end in chunked");
  if (codings.length > 1) return refusal(501, "no Transfer-Encoding other than chunked is understood");
  return undefined;
}

function badHost({ request, headers, host }: Exchange, pseudo: string | undefined): Answer | undefined {
  if (headers.hosts > 1) return refusal(400, "there are two Host headers");
  if (headers.hosts === 1 && pseudo !== undefined && pseudo !== headers.host)
    return refusal(400, "Host and :authority differ");
  const named = headers.hosts > 0 || pseudo !== undefined;
  if (!named && request.httpVersionMajor === 1 && request.httpVersionMinor === 0 && host === "")
    return undefined;
  if (!named) return refusal(400, "there is no Host header");
  if (!validHost(host) || (headers.hosts === 1 && host !== headers.host && !validHost(headers.host)))
    return refusal(400, "the Host header names no host");
  return undefined;
}

/** Whether a request that asks for another protocol can be given it: nothing but its head may have been sent. */
export function upgradable(exchange: Exchange): boolean {
  return !hasBody(exchange) && !offersHttp2(exchange.headers);
}

/**
 * `Upgrade: h2c` is not passed on. The offer may always be declined (RFC 9113 section 3.1), and behind a tunnel for it
 * requests would reach the backend that no rule has seen.
 */
function offersHttp2(headers: ReadHeaders): boolean {
  return /(?:^|,)\s*h2c?(?:-\d+)?\s*(?:,|$)/i.test(headers.upgrade);
}
