import type { Decision } from "../model/decision.ts";
import type { Resolution } from "../model/upstream.ts";
import { settledProtocol } from "./auto-http.ts";
import { causeOf } from "./connect.ts";
import type { ClientConnection } from "./connection.ts";
import type { Answer, ProxyContext } from "./context.ts";
import { type Exchange, hasBody, type Incoming, type Outgoing } from "./exchange.ts";
import { forward } from "./forward.ts";
import { headerOf, type ReadHeaders, readHeaders } from "./headers.ts";
import { validHost } from "./host.ts";
import { originForm } from "./target.ts";

/** A request that may be decided on, or the answer that it gets without. */
export type Admission =
  | { readonly kind: "admitted"; readonly exchange: Exchange }
  | { readonly kind: "refused"; readonly exchange: Exchange; readonly answer: Answer };

/** What a decision, and the state of the upstreams, come to for one request. */
export type Course =
  | { readonly kind: "answer"; readonly answer: Answer }
  | {
      readonly kind: "forward";
      readonly decision: Extract<Decision, { kind: "forward" }>;
      readonly upstream: Extract<Resolution, { kind: "upstream" }>["upstream"];
    };

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
  try {
    const course: Course =
      admission.kind === "refused" ? { kind: "answer", answer: admission.answer } : chart(context, exchange);
    if (course.kind === "answer") context.answer(exchange, course.answer);
    else forward(context, exchange, course.decision, course.upstream);
  } catch (error) {
    exchange.error = causeOf(error);
    if (exchange.status === 0)
      context.answer(exchange, { status: 500, why: [`internal: ${causeOf(error)}`] });
  }
}

/** Counts the request among the open ones until its response is out or its client gone. */
function watch(context: ProxyContext, exchange: Exchange): void {
  const { connection, request, response } = exchange;
  context.connections.begin(connection);
  connection.latest = exchange;
  response.on("close", () => {
    exchange.errand?.abandon();
    if (connection.latest === exchange) connection.latest = undefined;
    context.connections.finish(connection);
  });
  response.on("error", ignore);
  request.on("error", ignore);
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
  const headers = readHeaders(request.rawHeaders);
  const url = request.url ?? "";
  const target = originForm(url);
  const pseudo = request.httpVersionMajor === 2 && "authority" in request ? request.authority : undefined;
  const exchange: Exchange = {
    request,
    response,
    connection,
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
    errand: undefined,
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

/** Asks for the decision, and for the upstream where it is to forward. */
export function chart(context: ProxyContext, exchange: Exchange): Course {
  const decision = context.decide({
    scheme: exchange.scheme,
    method: exchange.method,
    host: exchange.host,
    target: exchange.target,
    ports: context.ports,
    exact: context.exact,
    header: (name) => headerOf(exchange.request.rawHeaders, name),
    remoteAddress: exchange.connection.remoteAddress,
    chance: Math.random(),
    noEndpoints: context.noEndpoints,
  });
  exchange.decision = decision;
  const limit = decision.route?.settings.bodyLimit ?? 0;
  if (limit > 0 && Number(exchange.headers.contentLength) > limit) {
    exchange.why = [`the body is larger than ${limit} bytes (proxy-body-size)`, ...decision.why];
    return { kind: "answer", answer: { status: 413, why: exchange.why } };
  }
  if (decision.kind === "redirect")
    return {
      kind: "answer",
      answer: { status: decision.status, why: decision.why, location: decision.location },
    };
  if (decision.kind === "respond")
    return { kind: "answer", answer: { status: decision.status, why: decision.why } };
  const resolution = context.resolve(
    decision.backend,
    settledProtocol(decision.route.settings, exchange.scheme),
  );
  if (resolution.kind === "none") {
    exchange.why = [resolution.why, ...decision.why];
    return { kind: "answer", answer: { status: 503, why: exchange.why } };
  }
  exchange.upstream = resolution.upstream.name;
  return { kind: "forward", decision, upstream: resolution.upstream };
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
