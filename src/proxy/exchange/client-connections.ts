import type { Http2Session } from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Proxied } from "../../model/decision.ts";
import type { ClientTls } from "../../model/tls.ts";
import type { Exchange } from "./exchange.ts";

/** One connection of a client, as the proxy keeps count of it. */
export interface ClientConnection {
  readonly remoteAddress: string;
  /** What its PROXY line said. */
  readonly proxied?: Proxied | undefined;
  /** Absent without TLS. */
  readonly tls: ClientTls | undefined;
  /** Requests that are being answered. */
  open: number;
  /** Nothing more is read as a request: an answer says `Connection: close`. */
  closing: boolean;
  /** A tunnel: it has no end of its own that could be waited for. */
  endless: boolean;
  /** The last request that came. */
  latest: Exchange | undefined;
  /** Says goodbye in the protocol's own way; nothing new is taken. */
  end(): void;
  destroy(): void;
}

/** All connections of clients, so that none is forgotten when the proxy stops. */
export interface ClientConnections {
  /** The record of an HTTP/1 connection, or of a TLS connection before its handshake. The same one for the same socket. */
  ofSocket(socket: Duplex): ClientConnection;
  ofSession(session: Http2Session): ClientConnection;
  /** Raw sockets, whatever is spoken on them. */
  track(socket: Socket): void;
  begin(connection: ClientConnection): void;
  finish(connection: ClientConnection): void;
  /** From now on each answer is the last on its connection. Idle connections and tunnels end at once. */
  drain(): void;
  readonly draining: boolean;
  /** Open requests and upgrades. */
  readonly busy: number;
  /** Called, once, when nothing is open any more. */
  whenQuiet(done: () => void): void;
  destroyAll(): void;
}

/** Starts with none. With a `clientAddress` every client counts as coming from there. */
export function trackConnections(clientAddress?: string | undefined): ClientConnections {
  const known = new WeakMap<object, ClientConnection>();
  const live = new Set<ClientConnection>();
  const sockets = new Set<Socket>();
  let draining = false;
  let busy = 0;
  let quiet: (() => void) | undefined;
  const remember = (key: Duplex | Http2Session, connection: ClientConnection) => {
    known.set(key, connection);
    live.add(connection);
    key.once("close", () => live.delete(connection));
    return connection;
  };
  return {
    ofSocket: (socket) => known.get(socket) ?? remember(socket, socketConnection(socket, clientAddress)),
    ofSession: (session) =>
      known.get(session) ?? remember(session, sessionConnection(session, clientAddress)),
    track(socket) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    },
    begin(connection) {
      connection.open++;
      busy++;
    },
    finish(connection) {
      connection.open--;
      busy--;
      if (connection.open === 0 && draining) connection.end();
      if (busy === 0) quiet?.();
    },
    drain() {
      draining = true;
      for (const connection of live) {
        if (connection.endless) connection.destroy();
        else if (connection.open === 0) connection.end();
      }
    },
    get draining() {
      return draining;
    },
    get busy() {
      return busy;
    },
    whenQuiet(done) {
      if (busy === 0) done();
      else quiet = done;
    },
    destroyAll() {
      for (const connection of live) connection.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function socketConnection(socket: Duplex, clientAddress: string | undefined): ClientConnection {
  const address = "remoteAddress" in socket ? String(socket.remoteAddress ?? "") : "";
  return {
    remoteAddress: clientAddress ?? plainAddress(address),
    proxied: clientAddress === undefined ? proxiedOf(socket) : undefined,
    tls: tlsOf(socket),
    open: 0,
    closing: false,
    endless: false,
    latest: undefined,
    end: () => socket.end(),
    destroy: () => socket.destroy(),
  };
}

function sessionConnection(session: Http2Session, clientAddress: string | undefined): ClientConnection {
  return {
    remoteAddress: clientAddress ?? plainAddress(session.socket.remoteAddress ?? ""),
    proxied: clientAddress === undefined ? proxiedOf(session.socket) : undefined,
    tls: tlsOf(session.socket),
    open: 0,
    closing: false,
    endless: false,
    latest: undefined,
    end: () => session.close(),
    destroy: () => session.destroy(),
  };
}

/** On a socket: what is known by its handshake. A session of HTTP/2 shows a stand-in for its socket, with the same properties. */
const TLS: unique symbol = Symbol("TLS");

/** Keeps with a TLS socket what is known of its client, for every request that comes on it. */
export function rememberTls(socket: TLSSocket, tls: ClientTls): void {
  Object.assign(socket, { [TLS]: tls });
}

function tlsOf(socket: Duplex & { readonly [TLS]?: ClientTls }): ClientTls | undefined {
  return socket[TLS];
}

const PROXIED: unique symbol = Symbol("PROXY");

/** Keeps with a socket what its PROXY line said, for every request that comes on it. */
export function rememberProxied(socket: Duplex, proxied: Proxied): void {
  Object.assign(socket, { [PROXIED]: proxied });
}

/** The client as the PROXY line of a connection names it. */
export function proxiedOf(socket: Duplex & { readonly [PROXIED]?: Proxied }): Proxied | undefined {
  return socket[PROXIED];
}

/** An IPv4 client of an IPv6 listener is shown by its IPv4 address. */
function plainAddress(address: string): string {
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
