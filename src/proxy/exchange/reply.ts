import type { Duplex } from "node:stream";
import { append } from "../../append.ts";
import type { ClientRequest } from "../../http1/client-request.ts";
import { ClientResponse, type PassedFraming } from "../../http1/client-response.ts";
import { answerBlock } from "../../http2/heads/answer-block.ts";
import { Http2Response } from "../../http2/http2-response.ts";
import { headerOf } from "../../request/header-of.ts";
import { causeOf } from "../connect/connect.ts";
import { NO_LINE } from "../connect/http1-client/request-head.ts";
import { InvalidHeader } from "../connect/upstream-fault.ts";
import type { Answering } from "./answering.ts";
import { compressed } from "./compress/compress.ts";
import { type Exchange, hasBody, type Outgoing } from "./exchange.ts";

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

function withoutCookies(headers: string[], names: readonly string[]): void {
  if (names.length === 0) return;
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    if (headers[at]?.toLowerCase() !== "set-cookie") continue;
    if (names.includes(headers[at + 1]?.split("=", 1)[0]?.trim() ?? "")) headers.splice(at, 2);
  }
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
  withoutCookies(head.headers, exchange.cookiesOfAuth);
  for (const line of exchange.addedByAuth(head.status)) append(head.headers, line);
  if (response instanceof Http2Response) {
    const isBodiless = head.bare === true || framingFor(exchange, head) === "none";
    response.pass(headBlock(context, head), isBodiless ? "none" : "some");
    exchange.recording?.head(head.line, head.headers);
  } else {
    const { request } = exchange;
    const framing = framingFor(exchange, head);
    if (hasBody(exchange) && !request.complete) closeAfter(context, exchange);
    response.pass(headText(context, exchange, head, framing), framing);
  }
  exchange.begun(head.status);
  return head === whole && response instanceof ClientResponse ? "direct" : "through";
}

/** A head for HTTP/2. @throws InvalidHeader */
function headBlock(context: Answering, { status, headers }: ResponseHead): string {
  if (headerOf(headers, "date") === undefined) headers.push("Date", context.date());
  try {
    return answerBlock(status, headers);
  } catch (error) {
    throw new InvalidHeader(`a header cannot be sent by HTTP/2: ${causeOf(error)}`);
  }
}

function framingFor({ method, request }: Exchange, { status, length }: ResponseHead): PassedFraming {
  if (method === "HEAD" || status === 204 || status === 304) return "none";
  if (length >= 0) return "length";
  return isOld(request) ? "close" : "chunks";
}

/** HTTP/1.0 has no chunks. */
function isOld({ httpVersionMajor, httpVersionMinor }: ClientRequest): boolean {
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
  if (response instanceof Http2Response || connection.closing) return;
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
  const body = request.message;
  body.resume();
  // HTTP/2 cancels a body that nobody reads, behind the answer.
  if (response instanceof Http2Response || connection.closing) return;
  const timer = setTimeout(() => connection.destroy(), context.limits.lingerMs);
  const clear = () => clearTimeout(timer);
  body.once("end", clear).once("close", clear);
}

/** Ends an incomplete response visibly: sends what was written, without the end of its framing. */
export function cutOff(response: Outgoing): void {
  if (response instanceof Http2Response) response.cutOff();
  else if (response.socket === null) response.destroy();
  else response.socket.destroySoon();
}
