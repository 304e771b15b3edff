import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import type { Http2SecureServer } from "node:http2";
import type { Duplex } from "node:stream";
import type { Scheme } from "../model/decision.ts";
import type { ClientConnection } from "./connection.ts";
import type { ProxyContext } from "./context.ts";
import { type Incoming, MalformedBody, type Outgoing, type Told } from "./exchange.ts";
import { PARSER_HEAD_BYTES, type ProxyLimits } from "./limits.ts";
import { receive } from "./receive.ts";
import { parseErrorStatus, refuse, requestLineOf } from "./refuse.ts";
import { upgrade } from "./upgrade.ts";

/** How a server must read HTTP/1 for this proxy. What it refuses itself would not look like nginx. */
export function http1Options(limits: ProxyLimits): ServerOptions {
  return {
    insecureHTTPParser: false,
    requireHostHeader: false,
    maxHeaderSize: PARSER_HEAD_BYTES,
    headersTimeout: limits.headMs,
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.max(50, Math.min(1_000, limits.headMs / 5)),
    noDelay: true,
  };
}

/** A server for plain HTTP/1, that answers nothing before `serve` has been called on it. */
export function createHttpServer(limits: ProxyLimits): Server {
  const server = createServer(http1Options(limits));
  server.maxHeadersCount = 0;
  return server;
}

/** Lets a server answer, by this proxy, whatever it may be asked. */
export function serve(context: ProxyContext, server: Server | Http2SecureServer, scheme: Scheme): void {
  const connectionOf = (request: Incoming): ClientConnection =>
    request.httpVersionMajor === 2 && "stream" in request && request.stream.session !== undefined
      ? context.connections.ofSession(request.stream.session)
      : context.connections.ofSocket(request.socket);
  const onRequest = (request: Incoming, response: Outgoing) =>
    onSocket(context, request.socket, () =>
      receive(context, scheme, connectionOf(request), request, response),
    );
  // 100 Continue is for the upload to send, once the body is wanted; other expectations are ignored, as nginx does.
  for (const event of ["request", "checkContinue", "checkExpectation"]) server.on(event, onRequest);
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    onSocket(context, socket, () => upgrade(context, scheme, server, request, socket, head)),
  );
  server.on("connect", (request: Incoming, socket: Duplex | ServerResponse) => {
    // For HTTP/2 the second argument is a response, as for any other request.
    if (request.httpVersionMajor === 2) return onRequest(request, socket as ServerResponse);
    onSocket(context, socket as Duplex, () =>
      refuseRaw(context, scheme, socket as Duplex, 405, { method: "CONNECT", target: request.url ?? "" }),
    );
  });
  server.on("clientError", (error: ParserError, socket: Duplex) =>
    onSocket(context, socket, () => onUnread(context, scheme, error, socket)),
  );
}

type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

/** Answers what Node's parser takes for no request. */
function onUnread(context: ProxyContext, scheme: Scheme, error: ParserError, socket: Duplex): void {
  const connection = context.connections.ofSocket(socket);
  const code = error.code ?? "";
  if (!code.startsWith("HPE_") && code !== "ERR_HTTP_REQUEST_TIMEOUT") {
    socket.destroy();
    return;
  }
  // A connection that is being closed may go on sending what it likes.
  if (connection.closing || connection.onIdle !== undefined) return;
  const { latest } = connection;
  if (latest?.errand !== undefined && !latest.request.complete) {
    latest.errand.fail(new MalformedBody("the body is not framed as HTTP has it"));
    return;
  }
  refuseRaw(context, scheme, socket, parseErrorStatus(code, error.rawPacket), requestLineOf(error.rawPacket));
}

/**
 * Events that Node's parser tells a server of: what is thrown has no request to end, but its connection. Node tells of them
 * from the parser itself, so that the socket's own net does not hold it.
 */
function onSocket(context: ProxyContext, socket: Duplex, act: () => void): void {
  try {
    act();
  } catch (fault) {
    context.onFault(fault);
    socket.destroy();
  }
}

function refuseRaw(
  context: ProxyContext,
  scheme: Scheme,
  socket: Duplex,
  status: number,
  line: { readonly method: string; readonly target: string } | undefined,
): void {
  const connection = context.connections.ofSocket(socket);
  socket.on("error", () => socket.destroy());
  refuse(context, connection, socket, status);
  if (line === undefined) return;
  context.tell(unread(context, scheme, status, line));
}

/** What there is to tell of a request that was never read as one. */
function unread(
  context: ProxyContext,
  scheme: Scheme,
  status: number,
  line: { readonly method: string; readonly target: string },
): Told {
  return {
    scheme,
    ...line,
    host: "",
    id: context.requestId(),
    time: context.now(),
    startedAt: context.clock(),
    decision: undefined,
    status,
    bytes: 0,
    upstream: undefined,
    why: [status === 405 ? "no tunnels are made" : "the bytes are no HTTP request"],
    error: undefined,
    told: false,
  };
}
