import { type ClientRequest, request as httpRequest, type IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Scheme } from "../../model/decision.ts";
import { accelRedirect } from "../carry/accel.ts";
import { backendHeaders, backendPath } from "../carry/backend-request.ts";
import { choose } from "../carry/choose.ts";
import { forward } from "../carry/forward.ts";
import { isHttp2 } from "../carry/forward-http2.ts";
import { interceptedAnswer, isIntercepted } from "../carry/intercept.ts";
import { sendCopy } from "../carry/mirror.ts";
import { triesAgain } from "../carry/next-upstream.ts";
import { type ForwardCourse, failUpgrade, relay, switchProtocols } from "../carry/upgrade-answer.ts";
import { isSocket, UpstreamTimeout } from "../connect/connect.ts";
import { headText, withOwnHead } from "../connect/own-head.ts";
import { tunnel } from "../connect/tunnel.ts";
import { type Admission, takeCourse } from "../decide/course.ts";
import { admit } from "../decide/receive.ts";
import type { ProxyContext } from "../exchange/context.ts";
import { type Exchange, isIdempotent } from "../exchange/exchange.ts";
import { kindOf } from "../exchange/failure.ts";
import { containAll, within } from "../exchange/fault.ts";
import { lingerOn } from "../exchange/reply.ts";

/**
 * Answers a request that asks for another protocol (a WebSocket, mostly). Whether it gets it is for the backend to say:
 * its 101 makes a tunnel of the two connections, any other answer of its goes to the client as it is. Never throws.
 */
export function upgrade(
  context: ProxyContext,
  scheme: Scheme,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const connection = context.connections.ofSocket(socket);
  socket.on("error", () => socket.destroy());
  const response = new ServerResponse(request);
  const admission: Admission = admit(context, scheme, connection, request, response);
  const { exchange } = admission;
  adopt(context, exchange, socket);
  takeCourse(context, admission, (course) => {
    if (course.kind === "answer") context.answer(exchange, course.answer);
    else ask(context, exchange, course, socket, head);
  });
}

/** Nobody else reads the socket: a response is the last on its connection, and the end of the socket is ours to see. */
function adopt(context: ProxyContext, exchange: Exchange, socket: Duplex): void {
  const { response, connection } = exchange;
  context.connections.begin(connection);
  connection.closing = true;
  if (response instanceof ServerResponse && isSocket(socket)) response.assignSocket(socket);
  lingerOn(socket, context.limits.lingerMs);
  containAll(context, exchange, exchange.request, response);
  socket.on("drain", () => response.emit("drain"));
  response.on("error", () => {});
  response.on("finish", () => {
    if (response instanceof ServerResponse && isSocket(socket)) {
      response.detachSocket(socket);
      socket.destroySoon();
    }
  });
  socket.on("close", () => {
    exchange.errand?.abandon();
    exchange.leave?.();
    context.connections.finish(connection);
  });
}

/** Sends the upgrade on, over a connection of its own. */
function ask(
  context: ProxyContext,
  exchange: Exchange,
  course: ForwardCourse,
  socket: Duplex,
  head: Buffer,
): void {
  const { upstream, decision } = course;
  // HTTP/2 has no upgrades: the request goes on without its wish, as any other does.
  if (isHttp2(upstream) || upstream.protocol === "fcgi") {
    forward(context, exchange, decision, upstream);
    return;
  }
  if (decision.mirror !== undefined) sendCopy(context, exchange, decision.mirror, undefined);
  let gone = false;
  exchange.errand = {
    abandon() {
      gone = true;
      if (exchange.status === 0) exchange.status = 499;
      exchange.error = "the client closed the connection";
      context.tell(exchange);
    },
    fail: () => socket.destroy(),
  };
  const early = collect(socket, head);
  const reached: Reached = (error, stream, at, tries) => {
    if (stream === null || gone) {
      stream?.destroy();
      if (!gone) failUpgrade(context, exchange, at, error ?? new Error("there is no connection"), tries);
      return;
    }
    const { method } = exchange;
    const path = backendPath(decision, at.upstream);
    const { lines } = backendHeaders(context, exchange, decision);
    const head = { text: headText({ method, path, version: "1.1" }, lines), framed: "said" } as const;
    const asked = httpRequest({
      createConnection: () => withOwnHead(stream, { head }),
      method,
      path,
      headers: ["Connection", "upgrade"],
      setHost: false,
      maxHeaderSize: 65_536,
    });
    carry(context, exchange, at, asked, { socket, early, stream });
  };
  reach(context, exchange, course, within(context, exchange, reached));
}

type Reached = (error: Error | null, stream: Duplex | null, course: ForwardCourse, tries: number) => void;

/** Connects to the upstream, or to the next ones in its place (`proxy-next-upstream`). */
function reach(context: ProxyContext, exchange: Exchange, course: ForwardCourse, reached: Reached): void {
  const { transport } = course.decision.route;
  const startedAt = context.clock();
  const tried: string[] = [];
  const connect = (at: ForwardCourse) => {
    tried.push(at.upstream.name);
    context.pools.connect(at.upstream, transport.connectTimeoutMs, (error, stream) => {
      const kind = error === null ? "client" : kindOf(error);
      const elapsedMs = context.clock() - startedAt;
      const idempotent = isIdempotent(exchange.method);
      const progress = { tries: tried.length, elapsedMs, sent: "unsent", idempotent, whole: true } as const;
      const again = kind !== "client" && triesAgain(transport.nextUpstream, kind, progress);
      const next = again ? choose(context, exchange, at.decision, tried) : undefined;
      if (next?.kind === "upstream") connect({ ...at, upstream: next.upstream });
      else reached(error, stream, at, tried.length);
    });
  };
  connect(course);
}

interface Ends {
  readonly socket: Duplex;
  /** What the client has sent behind its head, so far; asked once. */
  readonly early: () => Buffer;
  readonly stream: Duplex;
}

const EARLY_BYTES = 65_536;

/**
 * Reads on while the backend thinks: only so is it seen that a client leaves. What comes is kept for the tunnel, and no
 * more than 64 KiB of it is taken.
 */
function collect(socket: Duplex, head: Buffer): () => Buffer {
  const chunks = [head];
  let bytes = head.length;
  const take = (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= EARLY_BYTES) socket.pause();
  };
  const leave = () => socket.destroy();
  socket.on("data", take).on("end", leave).resume();
  return () => {
    socket.off("data", take).off("end", leave).pause();
    return Buffer.concat(chunks);
  };
}

function carry(
  context: ProxyContext,
  exchange: Exchange,
  course: ForwardCourse,
  asked: ClientRequest,
  ends: Ends,
): void {
  const { socket, stream } = ends;
  containAll(context, exchange, asked);
  const { readTimeoutMs } = course.decision.route.transport;
  const timer = setTimeout(
    () => asked.destroy(new UpstreamTimeout(`no answer within ${readTimeoutMs} ms`)),
    readTimeoutMs,
  );
  const leave = () => asked.destroy();
  socket.once("close", leave);
  asked.on("close", () => clearTimeout(timer));
  let intercepted = false;
  asked.on("error", (error) => {
    if (exchange.errand !== undefined && !intercepted) failUpgrade(context, exchange, course, error, 1);
  });
  asked.on("upgrade", (answer, _, first) => {
    clearTimeout(timer);
    socket.off("close", leave);
    switchProtocols(context, exchange, course, answer);
    const bounds = { idleMs: readTimeoutMs, lingerMs: context.limits.lingerMs };
    exchange.connection.endless = true;
    // From here on the tunnel sees either side go.
    exchange.errand = undefined;
    tunnel({ socket, head: ends.early(), stream }, first, bounds, (bytes, error) => {
      exchange.bytes = bytes;
      exchange.error = error;
      context.tell(exchange);
    });
  });
  asked.on("response", (answer) => {
    clearTimeout(timer);
    containAll(context, exchange, answer);
    const { statusCode: status = 502, rawHeaders } = answer;
    const isTaken = isIntercepted(course.decision, status);
    const target = isTaken ? undefined : accelRedirect(rawHeaders);
    if (!isTaken && target === undefined) return relay(context, exchange, course, answer);
    intercepted = true;
    socket.off("close", leave);
    asked.destroy();
    exchange.errand = undefined;
    if (target !== undefined) context.inside(exchange, course.decision, target, rawHeaders);
    else context.answer(exchange, interceptedAnswer(course.decision, status, rawHeaders));
  });
  asked.end();
  stream.on("error", () => {});
}
