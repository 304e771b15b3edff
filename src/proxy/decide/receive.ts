import type { Refusal } from "../../http1/head.ts";
import { type Reason, reason } from "../../model/reason.ts";
import { hostName } from "../../request/host.ts";
import { forward } from "../carry/forward.ts";
import type { ClientConnection } from "../exchange/client-connections.ts";
import type { Answer, ProxyContext } from "../exchange/context.ts";
import type { Exchange, Incoming, Outgoing } from "../exchange/exchange.ts";
import { containAll } from "../exchange/fault.ts";
import { closeAfter } from "../exchange/reply.ts";
import { type Admission, takeCourse } from "./course.ts";
import { validHost } from "./host.ts";
import { refusedMethod } from "./method.ts";
import { originForm } from "./target.ts";

/** Answers one plain request: by its upstream, or by one of the proxy's own pages. Never throws. */
export function receive(
  context: ProxyContext,
  scheme: "http" | "https",
  connection: ClientConnection,
  request: Incoming,
  response: Outgoing,
  refusal?: Refusal,
): void {
  const admission = admit(context, scheme, connection, request, response, refusal);
  const { exchange } = admission;
  // Behind a body no protocol is switched to, nor to HTTP/2: with `--exact` the backend is asked for it all the same.
  if (!context.exact) exchange.headers.upgrade = "";
  watch(context, exchange);
  // nginx has not got as far as to keep a connection by then (ngx_http_process_request).
  if (admission.kind === "refused") closeAfter(context, exchange);
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
  refusal?: Refusal,
): Admission {
  const plane = context.plane();
  const headers = plane.readHeaders(request.rawHeaders);
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
    plane,
    headers,
    // As lua_ingress.lua has it: `$http_host`, or else `$host`.
    host: headers.hosts > 0 ? headers.host : (pseudo ?? hostName(target?.authority ?? "")),
    authority: target?.authority,
    target: target?.target ?? url,
    id: headers.requestId === "" ? context.requestId() : headers.requestId,
    time: context.now(),
    startedAt: context.clock(),
    decision: undefined,
    status: 0,
    bytes: 0,
    upstream: undefined,
    why: undefined,
    refused: undefined,
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
    (refusal?.late === true ? undefined : unread(exchange, refusal)) ??
    (target === undefined
      ? refused(400, reason("bad-target", "the request target has no path"))
      : undefined) ??
    tooLong(exchange) ??
    repeated(exchange) ??
    badHost(exchange, pseudo) ??
    unread(exchange, refusal) ??
    badMethod(exchange);
  if (answer === undefined) return { kind: "admitted", exchange };
  exchange.why = answer.why;
  return { kind: "refused", exchange, answer };
}

function refused(status: number, why: Reason): Answer {
  return { status, why: [why] };
}

/** What was found as the head was read. */
function unread(exchange: Exchange, refusal: Refusal | undefined): Answer | undefined {
  if (refusal === undefined) return undefined;
  return refusal.page === undefined ? refused(refusal.status, refusal.why) : tooLarge(exchange, refusal.why);
}

function tooLarge({ plane }: Exchange, why: Reason): Answer {
  return { ...refused(plane.limits.headTooLarge, why), cause: "head too large" };
}

/** `large-client-header-buffers`, of a head that came by HTTP/2; one of HTTP/1 has been counted as it was read. */
function tooLong(exchange: Exchange): Answer | undefined {
  const { request, target, headers, plane } = exchange;
  if (request.httpVersionMajor !== 2) return undefined;
  const { lineBytes, headBytes, headerLines } = plane.limits;
  if (target.length > lineBytes)
    return refused(414, reason("target-too-long", `the request target is longer than ${lineBytes} bytes`));
  if (headers.longest <= lineBytes && headers.bytes <= headBytes && headers.count <= headerLines)
    return undefined;
  const why = `a header, or all of them, are longer than ${lineBytes} bytes (large-client-header-buffers)`;
  return tooLarge(exchange, reason("headers-too-large", why));
}

/** A header that nginx takes once (ngx_http_process_unique_header_line). */
function repeated({ headers }: Exchange): Answer | undefined {
  return headers.repeated === ""
    ? undefined
    : refused(400, reason("repeated-header", `there are two ${headers.repeated} headers`));
}

function badMethod({ method }: Exchange): Answer | undefined {
  const found = refusedMethod(method);
  return found && refused(found.status, found.why);
}

function badHost(
  { request, headers, host, authority }: Exchange,
  pseudo: string | undefined,
): Answer | undefined {
  if (headers.hosts === 1 && pseudo !== undefined && pseudo !== headers.host)
    return refused(400, reason("bad-host", "Host and :authority differ"));
  const { httpVersionMajor: major, httpVersionMinor: minor } = request;
  const isNamed = headers.hosts > 0 || pseudo !== undefined;
  const mayBeUnnamed = major === 0 || (major === 1 && minor === 0);
  if (!isNamed && !mayBeUnnamed) return refused(400, reason("no-host-header", "there is no Host header"));
  if (isNamed && !validHost(host)) return refused(400, reason("bad-host", "the Host header names no host"));
  if (authority !== undefined && !validHost(authority))
    return refused(400, reason("bad-host", "the request target names no host"));
  return undefined;
}
