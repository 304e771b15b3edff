import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { contain } from "../../contain.ts";
import type { StreamRoute } from "../../model/route/stream.ts";
import type { Resolve } from "../../model/upstream.ts";
import { addressesOf } from "../connect/loopback.ts";
import type { StreamEnd } from "./tcp.ts";
import type { NextBackend } from "./turns.ts";

/** unit: ms */
export interface UdpOptions {
  readonly resolve: Resolve;
  readonly next: NextBackend;
  /** No datagram either way (`proxy-stream-timeout`). */
  readonly idleMs: number;
  readonly onFault: (fault: unknown) => void;
}

interface Session {
  send(datagram: Buffer): void;
  close(): void;
}

/** Clients at once; the longest idle one is dropped. */
const MOST_SESSIONS = 1_024;

/** Datagrams kept for a second address. */
const MOST_UNANSWERED = 16;

/** Passes each client's datagrams over its own socket, and the answers back. */
export function passUdp(
  listener: Socket,
  route: () => StreamRoute,
  options: UdpOptions,
  ended: (end: StreamEnd) => void,
): { readonly close: () => void } {
  const sessions = new Map<string, Session>();
  // An unusable datagram is lost, as datagrams may be.
  contain(listener, options.onFault);
  listener.on("message", (datagram, from) => {
    const key = `${from.address} ${from.port}`;
    const session = sessions.get(key) ?? open(from, () => sessions.delete(key));
    sessions.delete(key);
    if (session === undefined) return;
    // Ordered by last use.
    sessions.set(key, session);
    if (sessions.size > MOST_SESSIONS) sessions.values().next().value?.close();
    session.send(datagram);
  });

  function open(from: RemoteInfo, forget: () => void): Session | undefined {
    const backend = options.next(route());
    if (backend === undefined) {
      ended({ bytes: 0, error: "no Service gets its datagrams" });
      return undefined;
    }
    const resolution = options.resolve(backend, "HTTP");
    if (resolution.kind === "none") {
      ended({ bytes: 0, error: resolution.why });
      return undefined;
    }
    const { name, connection } = resolution.upstream;
    if (connection.kind !== "tcp") {
      const error = `${name} cannot be reached by UDP: port-forwards and echo services carry TCP alone; name a target with --map`;
      ended({ bytes: 0, error, upstream: name });
      return undefined;
    }
    return openSession(listener, from, { name, ...connection }, options, (end) => {
      forget();
      ended(end);
    });
  }

  return {
    close() {
      for (const session of [...sessions.values()]) session.close();
    },
  };
}

function openSession(
  listener: Socket,
  from: RemoteInfo,
  target: { readonly name: string; readonly host: string; readonly port: number },
  { idleMs, onFault }: UdpOptions,
  ended: (end: StreamEnd) => void,
): Session {
  const [first = target.host, ...others] = addressesOf(target.host);
  let way = openWay(first);
  /** Unanswered datagrams; they are sent again if nobody listens at the first address. */
  let unanswered: Buffer[] = [];
  let bytes = 0;
  let over = false;
  const finish = (error: string | undefined) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    way.close();
    ended({ bytes, error, upstream: target.name });
  };
  const timer = setTimeout(() => finish(undefined), idleMs);

  function openWay(host: string): Socket {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    contain(socket, onFault);
    socket.on("error", (error) => failed(socket, error));
    socket.on("message", (datagram) => {
      unanswered = [];
      bytes += datagram.length;
      timer.refresh();
      listener.send(datagram, from.port, from.address);
    });
    // A connected socket reports a missing listener (ECONNREFUSED); sends before it are delayed.
    socket.connect(target.port, host, (error?: Error) => {
      if (error !== undefined && error !== null) failed(socket, error);
      else for (const datagram of unanswered) send(socket, datagram);
    });
    return socket;
  }
  function send(socket: Socket, datagram: Buffer): void {
    socket.send(datagram, (error) => {
      if (error !== null) failed(socket, error);
    });
  }
  function failed(socket: Socket, error: Error): void {
    if (over || socket !== way) return;
    const next = others.shift();
    if (next === undefined || unanswered.length === 0) {
      finish(error.message);
      return;
    }
    socket.close();
    way = openWay(next);
  }

  return {
    send(datagram) {
      timer.refresh();
      if (bytes === 0 && unanswered.length < MOST_UNANSWERED) unanswered.push(datagram);
      if (isConnected(way)) send(way, datagram);
    },
    close: () => finish(undefined),
  };
}

function isConnected(socket: Socket): boolean {
  try {
    socket.remoteAddress();
    return true;
  } catch {
    return false;
  }
}
