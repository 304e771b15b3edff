import type { Socket } from "node:net";
import { offersHttp2 } from "../../http1/h2c.ts";
import { headBuffers } from "../../http1/head.ts";
import { Http1Connection, type Http1Handlers } from "../../http1/http1-connection.ts";
import { readPreface } from "../../http1/preface.ts";
import type { Scheme } from "../../model/decision.ts";
import type { Plane } from "../../model/plane.ts";
import { receive } from "../decide/receive.ts";
import { type ClientConnection, entryPointBy } from "../exchange/client-connections.ts";
import { MalformedBody } from "../exchange/failure.ts";
import { lingerOn } from "../exchange/reply.ts";
import { serveHttp2 } from "./http2-server.ts";
import type { Listening } from "./listening.ts";
import { takeProxyLine } from "./proxy-line.ts";
import { upgrade } from "./upgrade.ts";

/** Accepts plain HTTP/1, and HTTP/2 of those who know beforehand that it is spoken (RFC 9113 section 3.3). */
export function acceptHttp(context: Listening): (socket: Socket) => void {
  return (socket) => {
    if (context.exact && planeAt(context, socket).accepts === "nobody") {
      socket.resetAndDestroy();
      return;
    }
    takeProxyLine(context, socket, () => {
      if (context.http2Offer() === "off") serveHttp1(context, "http", socket);
      else
        readPreface(socket, context.limits.headMs, (spoken) => {
          if (spoken === "HTTP/2") serveHttp2(context, "http", socket);
          else serveHttp1(context, "http", socket);
        });
    });
  };
}

function planeAt(context: Listening, socket: Socket): Plane {
  return context.plane({ scheme: "http", entryPoint: entryPointBy(socket), tls: undefined });
}

/** Answers what a client asks by HTTP/1, from the next byte of its socket on. */
export function serveHttp1(context: Listening, scheme: Scheme, socket: Socket): void {
  const connection = context.connections.ofSocket(socket);
  const { limits } = context;
  const { headMs = limits.headMs, keepAliveMs, keepAliveRequests } = context.client();
  const options = {
    buffers: headBuffers(context.plane().limits, limits.firstHeadBytes),
    headMs,
    keepAliveMs: limits.keepAliveMs ?? keepAliveMs,
    keepAliveRequests: keepAliveMs === 0 ? 1 : keepAliveRequests,
  };
  new Http1Connection(socket, connection, options, handlersOf(context, scheme, connection, socket));
}

function handlersOf(
  context: Listening,
  scheme: Scheme,
  connection: ClientConnection,
  socket: Socket,
): Http1Handlers {
  return {
    request: (request, response, refusal) => receive(context, scheme, connection, request, response, refusal),
    isUpgrade: (request, body) => body === 0 && (context.exact || !offersHttp2(request)),
    upgrade: (request, rest) => upgrade(context, scheme, request, socket, rest),
    malformed: () => failBody(connection),
    fault(fault) {
      context.onFault(fault);
      socket.destroy();
    },
    last(unread) {
      if (unread === "more to come") lingerOn(socket, context.limits.lingerMs);
      socket.destroySoon();
    },
  };
}

/** Invalid framing after a head: 400, unless answered already. */
function failBody(connection: ClientConnection): void {
  connection.closing = true;
  connection.latest?.inFlight?.fail(
    new MalformedBody("the body is not framed as HTTP has it, or ends early"),
  );
}
