import { type IncomingMessage, ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { causeOf } from "../connect/connect.ts";
import type { Course } from "../decide/course.ts";
import type { ProxyContext } from "../exchange/context.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { failureOf } from "../exchange/failure.ts";
import { beginResponse, cutOff } from "../exchange/reply.ts";
import { clientHeaders } from "./response-head.ts";

/** A way on to an upstream. */
export type ForwardCourse = Extract<Course, { kind: "forward" }>;

/** The backend's 101, with its headers as they are: the socket is free for a tunnel then. */
export function switchProtocols(
  context: ProxyContext,
  exchange: Exchange,
  course: ForwardCourse,
  answer: IncomingMessage,
): void {
  const { response } = exchange;
  if (!(response instanceof ServerResponse) || response.socket === null) return;
  const { socket } = response;
  response.detachSocket(socket);
  exchange.status = 101;
  const { headers } = clientHeaders(context, exchange, course.decision, answer.rawHeaders);
  const date = `Date: ${new Date(context.now()).toUTCString()}`;
  const lines = ["HTTP/1.1 101 Switching Protocols", date, "Connection: upgrade"];
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  lines.push("", "");
  socket.write(lines.join("\r\n"), "latin1");
}

/** An answer of the backend that is no 101. */
export function relay(
  context: ProxyContext,
  exchange: Exchange,
  { decision }: ForwardCourse,
  answer: IncomingMessage,
): void {
  const { response } = exchange;
  const sink: Writable = response;
  const { headers, length } = clientHeaders(context, exchange, decision, answer.rawHeaders);
  const status = answer.statusCode ?? 502;
  beginResponse(context, exchange, { status, text: answer.statusMessage ?? "", headers, length });
  if (response instanceof ServerResponse) response.flushHeaders();
  // The connection to the upstream may be a stream of our own making, which knows no timeouts.
  const { readTimeoutMs } = decision.route.transport;
  const timer = setTimeout(() => answer.destroy(), readTimeoutMs);
  const end = (error: string | undefined) => {
    clearTimeout(timer);
    exchange.errand = undefined;
    exchange.error = error;
    context.tell(exchange);
    if (error === undefined) response.end();
    else cutOff(response);
  };
  answer.on("data", (chunk: Buffer) => {
    timer.refresh();
    exchange.bytes += chunk.length;
    if (!sink.write(chunk)) {
      answer.pause();
      sink.once("drain", () => answer.resume());
    }
  });
  answer.on("end", () => end(undefined));
  answer.on("error", (error) => end(causeOf(error)));
}

/** The upgrade came to nothing: 502 or 504 where nothing was answered yet. */
export function failUpgrade(
  context: ProxyContext,
  exchange: Exchange,
  { decision, upstream }: ForwardCourse,
  error: Error,
  tries: number,
): void {
  exchange.errand = undefined;
  exchange.error = causeOf(error);
  if (exchange.status === 0) context.answer(exchange, failureOf(decision, upstream, error, tries));
  else {
    context.tell(exchange);
    cutOff(exchange.response);
  }
}
