import type { RequestFacts, Scheme } from "../../model/decision.ts";
import type { HeadRefusal } from "../../model/head-refusal.ts";
import type { Plane, ReadHeaders } from "../../model/plane.ts";
import { requestAddress } from "../../request/request-address.ts";
import { carry } from "../carry/carry.ts";
import type { ClientConnection } from "../exchange/client-connections.ts";
import { clientLeft } from "../exchange/client-left.ts";
import type { ProxyContext } from "../exchange/context.ts";
import type { Exchange, Incoming, Outgoing } from "../exchange/exchange.ts";
import { containAll } from "../exchange/fault.ts";
import { closeAfter } from "../exchange/reply.ts";
import { type Admission, answerOf, planRequest } from "./plan.ts";

/** Answers one plain request: by its upstream, or by one of the proxy's own pages. Never throws. */
export function receive(
  context: ProxyContext,
  scheme: "http" | "https",
  connection: ClientConnection,
  request: Incoming,
  response: Outgoing,
  refusal?: HeadRefusal,
): void {
  const admission = admit(context, scheme, connection, request, response, refusal);
  const { exchange } = admission;
  // Behind a body no protocol is switched to, nor to HTTP/2: with `--exact` the backend is asked for it all the same.
  if (!context.exact) exchange.headers.upgrade = "";
  watch(context, exchange);
  // nginx has not got as far as to keep a connection by then (ngx_http_process_request).
  if (admission.kind === "refused") closeAfter(context, exchange);
  planRequest(context, admission, (plan) => {
    if (plan.kind === "answer") context.answer(exchange, plan.answer);
    else carry(context, exchange, plan.decision, plan.upstream);
  });
}

/** Counts the request among the open ones until its response is out or its client gone. */
function watch(context: ProxyContext, exchange: Exchange): void {
  const { connection, request, response } = exchange;
  context.connections.begin(connection);
  connection.latest = exchange;
  response.on("close", () => {
    clientLeft(context, exchange);
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
  refusal?: HeadRefusal,
): Admission {
  const plane = context.plane();
  const headers = plane.readHeaders(request.rawHeaders);
  const facts = factsOf(context, plane, scheme, connection, request, headers, refusal);
  const exchange: Exchange = {
    request,
    response,
    connection,
    remoteAddress: connection.remoteAddress,
    scheme,
    method: facts.method,
    plane,
    headers,
    host: facts.host,
    authority: facts.authority,
    target: facts.target,
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
    facts,
    body: undefined,
    spent: false,
    inFlight: undefined,
    leave: undefined,
  };
  const refused = plane.refuse(facts);
  if (refused === undefined) return { kind: "admitted", exchange, facts };
  exchange.decision = refused;
  return { kind: "refused", exchange, answer: answerOf(refused) };
}

/** What is known of a request once its head has been read. Outlives the request: it holds neither it nor its socket. */
function factsOf(
  context: ProxyContext,
  plane: Plane,
  scheme: Scheme,
  connection: ClientConnection,
  request: Incoming,
  headers: ReadHeaders,
  refusal: HeadRefusal | undefined,
): RequestFacts {
  const isHttp2 = request.httpVersionMajor === 2;
  const pseudoAuthority = isHttp2 && "authority" in request ? request.authority : undefined;
  const { host, authority, target } = requestAddress(request.url ?? "", headers, pseudoAuthority);
  return {
    scheme,
    method: request.method ?? "",
    version: request.httpVersion,
    host,
    authority,
    pseudoAuthority,
    target,
    head: headers,
    refusal,
    bodySize: Number(headers.contentLength),
    ports: context.ports,
    exact: context.exact,
    header: headerReader(request.rawHeaders, plane),
    tls: connection.tls,
    remoteAddress: connection.remoteAddress,
    proxied: connection.proxied,
    chance: Math.random(),
    noEndpoints: context.noEndpoints,
  };
}

function headerReader(raw: readonly string[], plane: Plane): RequestFacts["header"] {
  return (name) => plane.header(raw, name);
}
