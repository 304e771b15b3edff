import type { ClientRequest } from "../../http1/client-request.ts";
import type { HeaderLine } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import { whyHeader } from "../../plane/why.ts";
import { causeOf } from "../connect/connect.ts";
import type { Answering, LocalReply } from "./answering.ts";
import { carriedByPage } from "./carried.ts";
import { compressedPage } from "./compress/compress.ts";
import type { Exchange } from "./exchange.ts";
import type { Frame } from "./frame.ts";
import { closeAfter, connectionAfter, discardBody } from "./reply.ts";

/** Answers a request in its plane's words; with 500 if that fails. */
export function sendLocalReply(
  frame: Frame,
  context: Answering,
  exchange: Exchange,
  reply: LocalReply,
): void {
  const { request, response } = exchange;
  frame.answer(request.message, response.page, () => {
    try {
      write(context, exchange, reply);
    } catch (fault) {
      writeFault(context, exchange, fault);
    }
  });
}

/** nginx's 500 for a reply that could not be written, without its headers. */
function writeFault(context: Answering, exchange: Exchange, fault: unknown): void {
  context.onFault(fault);
  const response = exchange.response.page;
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  const why = [reason("internal", causeOf(fault))];
  exchange.decided({ kind: "respond", status: 500, why });
  write(context, exchange, { status: 500, why });
}

function write(context: Answering, exchange: Exchange, reply: LocalReply): void {
  const { request, plane } = exchange;
  const response = exchange.response.page;
  const { status, cause, text, why, location, headers = [], body: given } = reply;
  const set = exchange.decision?.responseHeaders ?? [];
  const server = set.find(([name]) => name === "Server")?.[1];
  const page = plane.answer({
    status,
    cause,
    text,
    server: server || undefined,
    accept: header(request, "accept"),
    userAgent: header(request, "user-agent"),
    why: context.exact ? undefined : why,
  });
  const sent = { status, contentType: page.contentType, body: Buffer.from(page.body) };
  const { body, headers: coding } =
    given === undefined ? compressedPage(context, exchange, sent) : { body: Buffer.from(given), headers: [] };
  if (given === undefined && body.length > 0 && page.contentType !== "")
    response.setHeader("Content-Type", page.contentType);
  for (const [name, value] of (given === undefined ? page.headers : undefined) ?? [])
    response.setHeader(name, value);
  for (const [name, value] of plane.everywhere ?? []) response.setHeader(name, value);
  for (const [name, value] of set) if (value !== "") response.setHeader(name, value);
  for (const [name, value] of [
    ...carriedByPage(exchange),
    ...besideIn(exchange.decision),
    ...coding,
    ...headers,
    ...exchange.addedByAuth(status),
    ...(exchange.addedHeaders ?? []),
  ])
    response.appendHeader(name, value);
  if (location !== undefined) response.setHeader("Location", safeLocation(location));
  if (!context.exact && why.length > 0) response.setHeader("X-Ingress-Dev-Why", whyHeader(why));
  if (request.httpVersionMajor < 2) {
    response.statusMessage = plane.phrase(status);
    if (plane.closing.has(status) || exchange.headers.expect !== "") closeAfter(context, exchange);
    response.setHeader("Connection", connectionAfter(context, exchange, "framed"));
  } else if (!response.hasHeader("Date")) response.setHeader("Date", context.date());
  response.statusCode = status;
  // nginx leaves the length of a 204 alone, which a decision may have set.
  if (body.length > 0 || mayHaveLength(exchange, status)) response.setHeader("Content-Length", body.length);
  exchange.begun(status);
  const isBodiless = exchange.method === "HEAD" || body.length === 0;
  exchange.recording?.page(`${status} ${plane.phrase(status)}`, response, isBodiless ? NOTHING : body);
  if (exchange.method !== "HEAD") exchange.sent(body.length);
  discardBody(context, exchange);
  context.tell(exchange);
  if (isBodiless) response.end();
  else response.end(body);
}

/** Lines behind those of a backend, which an own answer has none of. */
function besideIn(decision: Exchange["decision"]): readonly HeaderLine[] {
  return decision?.kind === "forward" ? (decision.responseRewrites?.beside ?? []) : [];
}

const NOTHING = Buffer.alloc(0);

function mayHaveLength({ method }: Exchange, status: number): boolean {
  return status !== 204 && status !== 304 && method !== "HEAD";
}

function header(request: ClientRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

/** A line break would end the header; other control characters do not belong there either. */
function safeLocation(location: string): string {
  return location.replace(/[\x00-\x1f\x7f]|[^\x00-\xff]/g, encodeURIComponent);
}
