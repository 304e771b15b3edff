import { createSecureServer, type Http2SecureServer, type Http2Session } from "node:http2";
import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import type { ProxyContext } from "./context.ts";
import { http1Options } from "./http-server.ts";
import type { ProxyLimits } from "./limits.ts";
import { PLAIN_ON_HTTPS } from "./pages.ts";
import { refuse } from "./refuse.ts";

/** The certificate for a server name, or for a client that names none. */
export type SecureContexts = (servername: string | undefined) => SecureContext | Promise<SecureContext>;

/** The first byte of a TLS record that opens a handshake (RFC 8446 section 5.1). */
const HANDSHAKE = 22;

/** The largest window of a connection (RFC 9113 section 6.9.1), in bytes; each stream has its own, of 64 KiB. */
const MOST_WINDOW = 2 ** 31 - 1;

/**
 * A server for HTTP/2 and HTTP/1.1 over TLS, by ALPN. It has no certificate of its own: each connection gets its own
 * from `contexts`, also where the client sends no server name, which Node's own `SNICallback` is not asked for.
 */
export function createHttpsServer(limits: ProxyLimits): Http2SecureServer {
  const server = createSecureServer({
    allowHTTP1: true,
    maxSessionInvalidFrames: 100,
    settings: { maxConcurrentStreams: 128, maxHeaderListSize: limits.headBytes * 2 },
    maxHeaderListPairs: limits.headerCount + 8,
  });
  // Node reads these for HTTP/1 from the server object, but has no options for them here.
  Object.assign(server, http1Options(limits), { maxHeadersCount: 0 });
  server.setTimeout(0);
  return server;
}

/** Lets a server take connections: TLS, or one answer to who speaks plain HTTP, as nginx gives it. */
export function secure(context: ProxyContext, server: Http2SecureServer, contexts: SecureContexts): void {
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    socket.on("error", () => socket.destroy());
    socket.setTimeout(context.limits.headMs, () => socket.destroy());
    socket.once("readable", () => {
      const first: Buffer | null = socket.read();
      if (first === null) return void socket.destroy();
      socket.setTimeout(0);
      if (first[0] !== HANDSHAKE) {
        const plain = /^[A-Z]+ /.test(first.toString("latin1", 0, 32));
        return refuse(
          context,
          context.connections.ofSocket(socket),
          socket,
          400,
          plain ? PLAIN_ON_HTTPS : undefined,
        );
      }
      socket.unshift(first);
      void handshake(context, server, contexts, socket);
    });
  });
  server.on("session", (session: Http2Session) => {
    const connection = context.connections.ofSession(session);
    // As nginx's: one upload that nobody takes holds up no other of the same client.
    session.setLocalWindowSize(MOST_WINDOW);
    session.on("error", () => session.destroy());
    session.setTimeout(context.limits.keepAliveMs, () => {
      if (connection.open === 0) session.close();
    });
  });
  for (const event of ["sessionError", "tlsClientError"]) server.on(event, () => {});
}

async function handshake(
  context: ProxyContext,
  server: Http2SecureServer,
  contexts: SecureContexts,
  socket: Socket,
): Promise<void> {
  const fallback = await settled(contexts, undefined);
  if (fallback === undefined) {
    socket.destroy();
    return;
  }
  const secured = new TLSSocket(socket, {
    isServer: true,
    server,
    secureContext: fallback,
    ALPNProtocols: context.http2Offer() === "on" ? ["h2", "http/1.1"] : ["http/1.1"],
    SNICallback: (servername, done) => {
      settled(contexts, servername).then((found) =>
        found === undefined ? done(new Error("no certificate")) : done(null, found),
      );
    },
  });
  const timer = setTimeout(() => secured.destroy(), context.limits.headMs);
  secured.once("close", () => {
    clearTimeout(timer);
    socket.destroy();
  });
  secured.on("error", () => secured.destroy());
  // TLS errors after the handshake are told by this event alone.
  secured.on("_tlsError", () => secured.destroy());
  secured.once("secure", () => {
    clearTimeout(timer);
    // As Node's own listener does: an HTTP/2 session does not begin on a socket that is still connecting.
    Object.assign(secured, { secureConnecting: false });
    if (!secured.destroyed) server.emit("secureConnection", secured);
  });
}

/** A name that has no certificate, whatever the reason, ends the connection: never the process (CVE-2026-21637). */
async function settled(
  contexts: SecureContexts,
  servername: string | undefined,
): Promise<SecureContext | undefined> {
  try {
    return await contexts(servername);
  } catch {
    return undefined;
  }
}
