import {
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2Session,
  type ServerOptions,
} from "node:http2";
import { contain } from "../../contain.ts";
import type { Scheme } from "../../model/decision.ts";
import { receive } from "../decide/receive.ts";
import type { Incoming, Outgoing } from "../exchange/exchange.ts";
import type { ProxyLimits } from "../limits.ts";
import type { Listening } from "./listening.ts";

/**
 * The largest window of a connection (RFC 9113 section 6.9.1); each stream has 64 KiB of its own. unit: bytes
 */
const MOST_WINDOW = 2 ** 31 - 1;

/** Limits of a session; it accepts every head that fits nginx's buffers. */
export function http2Options(limits: ProxyLimits): ServerOptions {
  return {
    maxSessionInvalidFrames: 100,
    settings: { maxConcurrentStreams: 128, maxHeaderListSize: limits.http2HeadBytes },
    maxHeaderListPairs: limits.http2Headers,
  };
}

/** Serves HTTP/2 without TLS on given sockets. */
export function createPlainHttp2(context: Listening): Http2Server {
  const server = createServer(http2Options(context.limits));
  serveHttp2(context, server, "http");
  return server;
}

/** Answers HTTP/2 requests of a server. */
export function serveHttp2(
  context: Listening,
  server: Http2Server | Http2SecureServer,
  scheme: Scheme,
): void {
  const { connections, limits } = context;
  const onRequest = (request: Incoming, response: Outgoing) => {
    if (!("stream" in request) || request.stream.session === undefined) return;
    const { session } = request.stream;
    try {
      receive(context, scheme, connections.ofSession(session), request, response);
    } catch (fault) {
      context.onFault(fault);
      session.destroy();
    }
  };
  // The upload sends 100 Continue once the body is wanted; other expectations are ignored, as in nginx.
  for (const event of ["request", "checkContinue", "checkExpectation", "connect"])
    server.on(event, onRequest);
  server.on("session", (session: Http2Session) => {
    const connection = connections.ofSession(session);
    const { keepAliveMs } = context.client();
    // As in nginx: a stalled upload holds up no other of the same client.
    session.setLocalWindowSize(MOST_WINDOW);
    session.on("error", () => session.destroy());
    contain(session, (fault) => {
      context.onFault(fault);
      session.destroy();
    });
    session.setTimeout(limits.keepAliveMs ?? keepAliveMs, () => {
      if (connection.open === 0) session.close();
    });
  });
  for (const event of ["sessionError", "tlsClientError"]) server.on(event, () => {});
}
