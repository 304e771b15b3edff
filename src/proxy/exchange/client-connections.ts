import type { Socket } from "node:net";
import { type Duplex, finished } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Proxied } from "../../model/decision.ts";
import type { ClientTls } from "../../model/tls.ts";
import type { Exchange } from "./exchange.ts";

export interface ClientConnection {
  readonly remoteAddress: string;
  readonly proxied?: Proxied | undefined;
  /** The name of the entry point whose port was connected to. default: the first of its scheme */
  readonly entryPoint: string | undefined;
  /** Absent without TLS. */
  readonly tls: ClientTls | undefined;
  open: number;
  /** No more requests are read; answers say `Connection: close`. */
  closing: boolean;
  /** A tunnel, which has no end to wait for. */
  endless: boolean;
  latest: Exchange | undefined;
  /** `end` lets open requests be answered. */
  readonly endsInOrder: boolean;
  /** Closes by the protocol's rules; accepts nothing new. */
  end(): void;
  destroy(): void;
}

/** All client connections, so that stopping the proxy misses none. */
export interface ClientConnections {
  /**
   * The record of a connection, or of a TLS connection before its handshake; one per socket.
   * @param close of a protocol that ends in order while requests are open; default: the socket's end
   */
  ofSocket(socket: Duplex, close?: () => void): ClientConnection;
  /** Raw sockets of any protocol. */
  track(socket: Socket): void;
  begin(connection: ClientConnection): void;
  finish(connection: ClientConnection): void;
  /** From now on each answer is its connection's last. Idle connections and tunnels end at once. */
  drain(): void;
  readonly draining: boolean;
  readonly busy: number;
  /** Called once, when nothing is open, and what was answered is on its way. */
  whenQuiet(done: () => void): void;
  destroyAll(): void;
}

/** With `clientAddress`, every client has that address. */
export function trackConnections(clientAddress?: string | undefined): ClientConnections {
  const known = new WeakMap<object, ClientConnection>();
  const live = new Map<ClientConnection, Duplex>();
  const sockets = new Set<Socket>();
  let draining = false;
  let busy = 0;
  let quiet: (() => void) | undefined;
  const remember = (key: Duplex, connection: ClientConnection) => {
    known.set(key, connection);
    live.set(connection, key);
    key.once("close", () => live.delete(connection));
    return connection;
  };
  return {
    ofSocket: (socket, close) =>
      known.get(socket) ?? remember(socket, socketConnection(socket, clientAddress, close)),
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
      for (const connection of live.keys()) {
        if (connection.endless) connection.destroy();
        else if (connection.open === 0 || connection.endsInOrder) connection.end();
      }
    },
    get draining() {
      return draining;
    },
    get busy() {
      return busy;
    },
    whenQuiet(done) {
      const settle = () => whenWritten(live.values(), done);
      if (busy === 0) settle();
      else quiet = settle;
    },
    destroyAll() {
      for (const connection of live.keys()) connection.destroy();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** By HTTP/2 an answer is over once the socket has it, which may write it only when its client reads on. */
function whenWritten(sockets: Iterable<Duplex>, done: () => void): void {
  const writing = [...sockets].filter(({ writableLength }) => writableLength > 0);
  let left = writing.length;
  if (left === 0) done();
  // All have been told to end.
  for (const socket of writing)
    finished(socket, { readable: false }, () => {
      if (--left === 0) done();
    });
}

function socketConnection(
  socket: Duplex,
  clientAddress: string | undefined,
  close: (() => void) | undefined,
): ClientConnection {
  const address = "remoteAddress" in socket ? String(socket.remoteAddress ?? "") : "";
  return {
    remoteAddress: clientAddress ?? plainAddress(address),
    proxied: clientAddress === undefined ? proxiedOf(socket) : undefined,
    entryPoint: entryPointBy(socket),
    tls: tlsOf(socket),
    open: 0,
    closing: false,
    endless: false,
    latest: undefined,
    endsInOrder: close !== undefined,
    end: close ?? (() => socket.end()),
    destroy: () => socket.destroy(),
  };
}

/** A socket's handshake data. */
const TLS: unique symbol = Symbol("TLS");

export function rememberTls(socket: TLSSocket, tls: ClientTls): void {
  Object.assign(socket, { [TLS]: tls });
}

function tlsOf(socket: Duplex & { readonly [TLS]?: ClientTls }): ClientTls | undefined {
  return socket[TLS];
}

const ENTRY_POINT: unique symbol = Symbol("entry point");

export function rememberEntryPoint(socket: Duplex, name: string): void {
  Object.assign(socket, { [ENTRY_POINT]: name });
}

export function entryPointBy(socket: Duplex & { readonly [ENTRY_POINT]?: string }): string | undefined {
  return socket[ENTRY_POINT];
}

const PROXIED: unique symbol = Symbol("PROXY");

export function rememberProxied(socket: Duplex, proxied: Proxied): void {
  Object.assign(socket, { [PROXIED]: proxied });
}

/** The client named by the connection's PROXY line. */
export function proxiedOf(socket: Duplex & { readonly [PROXIED]?: Proxied }): Proxied | undefined {
  return socket[PROXIED];
}

/** An IPv4 client of an IPv6 listener has its IPv4 address. */
function plainAddress(address: string): string {
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
