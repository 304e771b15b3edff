import { validateHeaderName, validateHeaderValue } from "node:http";
import { Http2ServerResponse, constants as http2, type OutgoingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import { append } from "../../append.ts";
import { ClientResponse, type PassedFraming } from "../../http1/client-response.ts";
import { causeOf } from "../connect/connect.ts";
import { NO_LINE } from "../connect/http1-client/request-head.ts";
import { InvalidHeader } from "../connect/upstream-fault.ts";
import type { Answering } from "./answering.ts";
import { compressed } from "./compress/compress.ts";
import { bodyStream, type Exchange, hasBody, type Incoming, type Outgoing } from "./exchange.ts";
import { asHttp2 } from "./header-lines.ts";

/** Status and headers, names and values alternating, without `Connection`. */
export interface ResponseHead {
  readonly status: number;
  /** The status line behind the version: `200 OK`. Not sent by HTTP/2. */
  readonly line: string;
  readonly headers: string[];
  /** `Content-Length`; -1: none */
  readonly length: number;
  /** The response ends with its head. */
  readonly bare?: true | undefined;
}

/**
 * Starts a backend's response. `through`: what is written to it does not go straight to the client's socket.
 * @throws InvalidHeader for a head that cannot be sent
 */
export function beginResponse(
  context: Answering,
  exchange: Exchange,
  whole: ResponseHead,
): "direct" | "through" {
  const { response } = exchange;
  const head = whole.bare ? whole : compressed(context, exchange, whole);
  for (const line of exchange.addedByAuth(head.status)) append(head.headers, line);
  if (response instanceof Http2ServerResponse) {
    if (head.status > 599) throw new InvalidHeader(`no status ${head.status} can be sent by HTTP/2`);
    checkHttp2(head.headers);
    if (head.bare) response.stream.respond(bareHead(head), { endStream: true });
    else response.writeHead(head.status, asHttp2(head.headers));
  } else {
    const { request } = exchange;
    const framing = framingFor(exchange, head);
    if (hasBody(exchange) && !request.complete) closeAfter(context, exchange);
    response.pass(headText(context, exchange, head, framing), framing);
  }
  exchange.begun(head.status);
  return head === whole && response instanceof ClientResponse ? "direct" : "through";
}

/** Node breaks a stream off whose head it refuses. @throws InvalidHeader */
function checkHttp2(headers: readonly string[]): void {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? "";
    try {
      validateHeaderName(name);
      validateHeaderValue(name, headers[i + 1] ?? "");
    } catch (error) {
      throw new InvalidHeader(`a header cannot be sent by HTTP/2: ${causeOf(error)}`);
    }
  }
}

/** A head that ends the stream: gRPC's "Trailers-Only". */
function bareHead({ status, headers }: ResponseHead): OutgoingHttpHeaders {
  return { ":status": status, ...asHttp2(headers) };
}

function framingFor({ method, request }: Exchange, { status, length }: ResponseHead): PassedFraming {
  if (method === "HEAD" || status === 204 || status === 304) return "none";
  if (length >= 0) return "length";
  return isOld(request) ? "close" : "chunks";
}

/** HTTP/1.0 has no chunks. */
function isOld({ httpVersionMajor, httpVersionMinor }: Incoming): boolean {
  return httpVersionMajor === 0 || httpVersionMinor === 0;
}

/** A head as nginx writes it: names and values may have any other byte. */
function headText(
  context: Answering,
  exchange: Exchange,
  { line, headers, length }: ResponseHead,
  framing: PassedFraming,
): string {
  const unframed = length < 0 && isOld(exchange.request) ? "unframed" : "framed";
  let text = `HTTP/1.1 ${line}\r\n`;
  let isDated = false;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? "";
    const value = headers[i + 1] ?? "";
    if (NO_LINE.test(name) || NO_LINE.test(value))
      throw new InvalidHeader(`${JSON.stringify(`${name}: ${value}`)} is no header line`);
    if (name.length === 4 && name.toLowerCase() === "date") isDated = true;
    text += `${name}: ${value}\r\n`;
  }
  text += `Connection: ${connectionAfter(context, exchange, unframed)}\r\n`;
  if (!isDated) text += `Date: ${context.date()}\r\n`;
  return framing === "chunks" ? `${text}Transfer-Encoding: chunked\r\n\r\n` : `${text}\r\n`;
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
  const body = bodyStream(request);
  body.resume();
  if (response instanceof Http2ServerResponse) {
    // Cancels a body that nobody reads (RFC 9113 section 8.1).
    response.once("finish", () => response.stream.close(http2.NGHTTP2_NO_ERROR));
    return;
  }
  if (connection.closing) return;
  const timer = setTimeout(() => connection.destroy(), context.limits.lingerMs);
  const clear = () => clearTimeout(timer);
  body.once("end", clear).once("close", clear);
}

/** Ends an incomplete response visibly: sends what was written, without the end of its framing. */
export function cutOff(response: Outgoing): void {
  // Node's `close` ends the stream in order before the reset, so the client would think it complete.
  if (response instanceof Http2ServerResponse)
    response.stream.destroy(new Error("the response is not complete"));
  else if (response.socket === null) response.destroy();
  else response.socket.destroySoon();
}
