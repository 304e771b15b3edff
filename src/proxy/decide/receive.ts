import type { ClientRequest } from "../../http1/client-request.ts";
import type { RequestFacts, Scheme } from "../../model/decision.ts";
import type { HeadRefusal } from "../../model/head-refusal.ts";
import type { Plane, ReadHeaders, SentFrom } from "../../model/plane.ts";
import { requestAddress } from "../../request/address/request-address.ts";
import { headerLines } from "../../request/header-of.ts";
import { carry } from "../carry/carry.ts";
import type { ClientConnection } from "../exchange/client-connections.ts";
import { clientLeft } from "../exchange/client-left.ts";
import { Exchange, type Outgoing } from "../exchange/exchange.ts";
import { containAll } from "../exchange/fault.ts";
import { closeAfter } from "../exchange/reply.ts";
import type { Deciding } from "./deciding.ts";
import { type Admission, answerOf, planRequest } from "./plan.ts";

/** Answers one plain request by its upstream, or by the proxy itself. Never throws. */
export function receive(
  context: Deciding,
  scheme: "http" | "https",
  connection: ClientConnection,
  request: ClientRequest,
  response: Outgoing,
  refusal?: HeadRefusal,
): void {
  const admission = admit(context, scheme, connection, request, response, refusal);
  const { exchange } = admission;
  // No protocol switch follows a body, nor HTTP/2; with `--exact` the backend is asked anyway.
  if (!context.exact) exchange.headers.upgrade = "";
  watch(context, exchange);
  // nginx has not yet decided to keep the connection by then (ngx_http_process_request).
  if (admission.kind === "refused") closeAfter(context, exchange);
  planRequest(context, admission, (plan) => {
    if (plan.kind === "answer") context.answer(exchange, plan.answer);
    else carry(context, exchange, plan.decision, plan.upstream);
  });
}

/** Counts the request as open until its response is sent or its client gone. */
function watch(context: Deciding, exchange: Exchange): void {
  const { connection, request, response } = exchange;
  context.connections.begin(connection);
  connection.latest = exchange;
  response.on("close", () => {
    clientLeft(context, exchange);
    exchange.over();
    if (connection.latest === exchange) connection.latest = undefined;
    context.connections.finish(connection);
  });
  containAll(context, exchange, response);
  if (!request.hasBody) return;
  request.message.on("error", ignore);
  containAll(context, exchange, request.message);
}

/** A broken client connection ends its requests by `close`; nobody needs the error. */
function ignore(): void {}

/** Reads a head with nginx's checks before the search for a server. */
export function admit(
  context: Deciding,
  scheme: "http" | "https",
  connection: ClientConnection,
  request: ClientRequest,
  response: Outgoing,
  refusal?: HeadRefusal,
): Admission {
  const { entryPoint, tls } = connection;
  const plane = context.plane({ scheme, entryPoint, tls });
  const raw = plane.received?.(request.rawHeaders) ?? request.rawHeaders;
  const headers = plane.readHeaders(raw, scheme);
  const facts = factsOf(context, plane, scheme, connection, request, { raw, headers }, refusal);
  const { method, host, target } = facts;
  const exchange = new Exchange(
    { request, response, connection, plane, headers },
    {
      scheme,
      method,
      host,
      target,
      facts,
      id: headers.requestId === "" ? context.requestId() : headers.requestId,
      time: context.now(),
      startedAt: context.clock(),
    },
  );
  context.record?.(exchange);
  const refused = plane.refuse(facts);
  if (refused === undefined) return { kind: "admitted", exchange, facts };
  exchange.decided(refused);
  return { kind: "refused", exchange, answer: answerOf(refused) };
}

/** The facts of a request; they reference neither it nor its socket, which they outlive. */
function factsOf(
  context: Deciding,
  plane: Plane,
  scheme: Scheme,
  connection: ClientConnection,
  request: ClientRequest,
  { raw, headers }: { readonly raw: readonly string[]; readonly headers: ReadHeaders },
  refusal: HeadRefusal | undefined,
): RequestFacts {
  const pseudoAuthority = request.authority;
  const { host, authority, target } = requestAddress(request.url, headers, pseudoAuthority);
  return {
    scheme,
    entryPoint: connection.entryPoint,
    method: request.method,
    version: request.httpVersion,
    host,
    authority,
    pseudoAuthority,
    target,
    head: headers,
    refusal,
    bodySize: Number(headers.contentLength),
    ports: context.ports(),
    exact: context.exact,
    header: headerReader(raw, plane, { scheme, remoteAddress: connection.remoteAddress }),
    lines: linesReader(raw),
    tls: connection.tls,
    remoteAddress: connection.remoteAddress,
    proxied: connection.proxied,
    chance: Math.random(),
    nextShare: context.nextShare,
    noEndpoints: context.noEndpoints,
  };
}

function headerReader(raw: readonly string[], plane: Plane, sender: SentFrom): RequestFacts["header"] {
  return (name) => plane.header(raw, name, sender);
}

function linesReader(raw: readonly string[]): RequestFacts["lines"] {
  return (name) => headerLines(raw, name);
}
