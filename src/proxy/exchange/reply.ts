import type { ServerResponse } from "node:http";
import { Http2ServerResponse, constants as http2, type OutgoingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import { append } from "../../append.ts";
import { InvalidHeader } from "../connect/upstream-fault.ts";
import type { Answering } from "./answering.ts";
import { compressed } from "./compress/compress.ts";
import { type Exchange, hasBody, type Outgoing } from "./exchange.ts";
import { asHttp2, withLines } from "./header-lines.ts";

/** Status and headers, names and values alternating, without `Connection`. */
export interface ResponseHead {
  readonly status: number;
  /** Absent in HTTP/2. */
  readonly text: string;
  readonly headers: string[];
  /** `Content-Length`; -1: none */
  readonly length: number;
  /** The response ends with its head. */
  readonly bare?: true | undefined;
}

/** Starts a backend's response. @throws if Node refuses a header, which is the backend's fault: 502 */
export function beginResponse(context: Answering, exchange: Exchange, whole: ResponseHead): void {
  const { response } = exchange;
  const head = whole.bare ? whole : compressed(context, exchange, whole);
  for (const line of exchange.addedByAuth(head.status)) append(head.headers, line);
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
  exchange.begun(head.status);
}

/** A head that ends the stream: gRPC's "Trailers-Only". */
function bareHead({ status, headers }: ResponseHead): OutgoingHttpHeaders {
  return { ":status": status, ...asHttp2(headers) };
}

function hasTrailer(headers: readonly string[]): boolean {
  return headers.some((name, i) => i % 2 === 0 && name.length === 7 && name.toLowerCase() === "trailer");
}

/**
 * nginx passes on a backend's `Trailer` with any framing; Node throws without chunks. Without a body it is
 * left out.
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

/** The `Connection` of an answer; the connection obeys it. */
export function connectionAfter(
  context: Answering,
  { response, connection }: Exchange,
  body: "framed" | "unframed",
): "keep-alive" | "close" {
  const mayStay = "shouldKeepAlive" in response && response.shouldKeepAlive && !context.isDraining();
  if (body === "unframed" || !mayStay) connection.closing = true;
  return connection.closing ? "close" : "keep-alive";
}

/** Makes this answer its connection's last; further input is discarded for a while. */
export function closeAfter(context: Answering, exchange: Exchange): void {
  const { connection, response } = exchange;
  if (response instanceof Http2ServerResponse || connection.closing) return;
  connection.closing = true;
  if (response.socket !== null) lingerOn(response.socket, context.limits.lingerMs);
}

/**
 * nginx's lingering close: ends our side but reads on, because a reset would overtake the answer to a client
 * that still sends. Node closes a connection by `destroySoon` after the response.
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

/** After an answer's last byte: discards a body that still arrives. */
export function discardBody(context: Answering, exchange: Exchange): void {
  const { request, response, connection } = exchange;
  if (request.complete || !hasBody(exchange)) return;
  request.resume();
  if (response instanceof Http2ServerResponse) {
    // Cancels a body that nobody reads (RFC 9113 section 8.1).
    response.once("finish", () => response.stream.close(http2.NGHTTP2_NO_ERROR));
    return;
  }
  if (connection.closing) return;
  const timer = setTimeout(() => connection.destroy(), context.limits.lingerMs);
  const clear = () => clearTimeout(timer);
  request.once("end", clear).once("close", clear);
}

/** Ends an incomplete response visibly: sends what was written, without the end of its framing. */
export function cutOff(response: Outgoing): void {
  // Node's `close` ends the stream in order before the reset, so the client would think it complete.
  if (response instanceof Http2ServerResponse)
    response.stream.destroy(new Error("the response is not complete"));
  else if (response.socket === null) response.destroy();
  else response.socket.destroySoon();
}
