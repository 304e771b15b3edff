import type { ServerResponse } from "node:http";
import { Http2ServerResponse, constants as http2, type OutgoingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import { append } from "../../append.ts";
import { compressed } from "./compress/compress.ts";
import type { ProxyContext } from "./context.ts";
import { addedByAuth, type Exchange, hasBody, type Outgoing } from "./exchange.ts";
import { InvalidHeader } from "./failure.ts";
import { asHttp2, withLines } from "./header-lines.ts";

/** A status and its headers, names and values in turn, without `Connection`. */
export interface ResponseHead {
  readonly status: number;
  /** The reason phrase; HTTP/2 has none. */
  readonly text: string;
  readonly headers: string[];
  /** What `Content-Length` says; -1 for none. */
  readonly length: number;
  /** The response ends with its head. */
  readonly bare?: true | undefined;
}

/** Begins the response of a backend. Throws where Node refuses a header: the backend's fault, so 502. */
export function beginResponse(context: ProxyContext, exchange: Exchange, whole: ResponseHead): void {
  const { response } = exchange;
  const head = whole.bare ? whole : compressed(context, exchange, whole);
  for (const line of addedByAuth(exchange, head.status)) append(head.headers, line);
  if (response instanceof Http2ServerResponse) {
    if (head.status > 599) throw new InvalidHeader(`no status ${head.status} can be sent by HTTP/2`);
    if (head.bare) response.stream.respond(bareHead(head), { endStream: true });
    else response.writeHead(head.status, asHttp2(head.headers));
  } else {
    const { request } = exchange;
    const { httpVersionMajor: major, httpVersionMinor: minor } = request;
    const unframed = head.length < 0 && (major === 0 || minor === 0);
    if (hasBody(exchange) && !request.complete) closeAfter(context, exchange);
    head.headers.push("Connection", connectionAfter(context, exchange, unframed ? "unframed" : "framed"));
    if (hasTrailer(head.headers)) writeWithTrailer(response, head, exchange.method);
    else response.writeHead(head.status, head.text, head.headers);
  }
  exchange.status = head.status;
}

/** The head of a response without a body, which ends the stream: gRPC's "Trailers-Only". */
function bareHead({ status, headers }: ResponseHead): OutgoingHttpHeaders {
  return { ":status": status, ...asHttp2(headers) };
}

function hasTrailer(headers: readonly string[]): boolean {
  return headers.some((name, i) => i % 2 === 0 && name.length === 7 && name.toLowerCase() === "trailer");
}

/**
 * nginx passes a backend's `Trailer` on, whatever the body is framed by; Node throws where it is not framed by chunks. One
 * that no body follows is left out.
 */
function writeWithTrailer(
  response: ServerResponse,
  { status, text, headers, length }: ResponseHead,
  method: string,
) {
  const bodyless = method === "HEAD" || status === 204 || status === 304;
  const chunked = length < 0 && !bodyless && response.useChunkedEncodingByDefault;
  const left = chunked || (length >= 0 && !bodyless) ? headers : withLines(headers, [["Trailer", ""]]);
  response.chunkedEncoding = left === headers;
  response.writeHead(status, text, left);
  response.chunkedEncoding = chunked;
}

/** What an answer says of its connection; the connection is held to it. */
export function connectionAfter(
  context: ProxyContext,
  { response, connection }: Exchange,
  body: "framed" | "unframed",
): "keep-alive" | "close" {
  const mayStay = "shouldKeepAlive" in response && response.shouldKeepAlive && !context.connections.draining;
  if (body === "unframed" || !mayStay) connection.closing = true;
  return connection.closing ? "close" : "keep-alive";
}

/** Makes this answer the last on its connection: what else comes is read and thrown away for a while. */
export function closeAfter(context: ProxyContext, exchange: Exchange): void {
  const { connection, response } = exchange;
  if (response instanceof Http2ServerResponse || connection.closing) return;
  connection.closing = true;
  if (response.socket !== null) lingerOn(response.socket, context.limits.lingerMs);
}

/**
 * nginx's lingering close: say that nothing more will come, but read on, because a reset would overtake the answer on
 * its way to a client that is still sending. Node closes a connection by `destroySoon` once the response is out.
 */
export function lingerOn(socket: Duplex, lingerMs: number): void {
  const finish = () => {
    socket.end();
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once("close", () => clearTimeout(timer));
  };
  Object.assign(socket, { destroySoon: finish });
}

/** After the last byte of an answer: lets go of a body that the client still sends. */
export function discardBody(context: ProxyContext, exchange: Exchange): void {
  const { request, response, connection } = exchange;
  if (request.complete || !hasBody(exchange)) return;
  request.resume();
  if (response instanceof Http2ServerResponse) {
    // A body that nobody reads is called off (RFC 9113 section 8.1).
    response.once("finish", () => response.stream.close(http2.NGHTTP2_NO_ERROR));
    return;
  }
  if (connection.closing) return;
  const timer = setTimeout(() => connection.destroy(), context.limits.lingerMs);
  const clear = () => clearTimeout(timer);
  request.once("end", clear).once("close", clear);
}

/**
 * Ends a response that cannot be completed so that the client sees that it is not complete: what was written goes out,
 * and the end that the framing asks for does not.
 */
export function cutOff(response: Outgoing): void {
  // Node's `close` ends the stream in good order before it resets it: the client would take what it has for the whole.
  if (response instanceof Http2ServerResponse)
    response.stream.destroy(new Error("the response is not complete"));
  else if (response.socket === null) response.destroy();
  else response.socket.destroySoon();
}
