import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import { UserError } from "../errors.ts";
import type { StreamEvent } from "../model/event.ts";
import type { Problem } from "../model/problem.ts";
import type { StreamRoute } from "../model/route/stream.ts";
import type { Backend } from "../model/route.ts";
import type { Resolve } from "../model/upstream.ts";
import { causeOf } from "./connect/connect.ts";
import { openListener } from "./listen/listen.ts";
import { passTcp, type StreamEnd } from "./streams/tcp.ts";
import { createStreamTurns } from "./streams/turns.ts";
import { passUdp } from "./streams/udp.ts";

/** unit of times: ms */
export interface StreamsOptions {
  /** As for the http listener: `127.0.0.1` includes `::1`. */
  readonly bind: string;
  readonly resolve: Resolve;
  readonly limits?: Partial<StreamLimits>;
  readonly onEvent: (event: StreamEvent) => void;
  /** Receives a bug of ours that ended one connection. */
  readonly onFault: (fault: unknown) => void;
  /** All unavailable ports, after each change. */
  readonly onProblems: (problems: readonly Problem[]) => void;
}

/** The controller's `proxy-stream-timeout` and `proxy-protocol-header-timeout`. unit: ms */
interface StreamLimits {
  readonly idleMs: number;
  readonly headerMs: number;
  readonly lingerMs: number;
}

const DEFAULT_LIMITS: StreamLimits = { idleMs: 600_000, headerMs: 5_000, lingerMs: 5_000 };

export interface StreamListeners {
  /**
   * Opens and closes listeners to match the routes; unchanged ones keep their connections. Resolves when all
   * listen or have failed.
   */
  update(routes: readonly StreamRoute[]): Promise<void>;
  /** The ports here, by route. */
  listening(): readonly { readonly route: StreamRoute; readonly localPort: number }[];
  close(): Promise<void>;
}

interface Held {
  route: StreamRoute;
  localPort: number;
}

interface Opened {
  readonly localPort: number;
  readonly close: () => Promise<void>;
}

type Open = Held & Opened;

/** Here: a listener's is free. */
function wantedPort({ port, listener }: StreamRoute): number {
  return listener === undefined ? port : 0;
}

function keyOf({ protocol, port, listener }: StreamRoute): string {
  return `${protocol} ${port} ${listener?.gateway ?? ""}`;
}

/** A port in use is a problem until its route is gone, and affects nothing else. */
export function openStreams(options: StreamsOptions): StreamListeners {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const open = new Map<string, Open>();
  const problems = new Map<string, Problem>();
  const next = createStreamTurns();
  let last: Promise<void> = Promise.resolve();

  async function start(key: string, route: StreamRoute): Promise<void> {
    const { bind, resolve, onFault } = options;
    const passing = { ...limits, resolve, onFault, next };
    try {
      const holder = { route, localPort: 0 };
      const ended = (end: StreamEnd) => options.onEvent(eventOf(holder, bind, end));
      const listen = route.protocol === "tcp" ? listenTcp : listenUdp;
      const opened = await listen(bind, holder, passing, ended);
      open.set(key, Object.assign(holder, opened));
      options.onEvent({ ...aboutOf(holder, bind), state: "listening", message: "" });
    } catch (error) {
      problems.set(key, problemOf(route, error));
    }
  }

  async function apply(routes: readonly StreamRoute[]): Promise<void> {
    const wanted = new Map(routes.map((route) => [keyOf(route), route]));
    const before = problems.size;
    for (const [key, listener] of [...open]) {
      if (wanted.has(key)) continue;
      open.delete(key);
      await listener.close();
      options.onEvent({ ...aboutOf(listener, options.bind), state: "closed", message: "" });
    }
    for (const key of [...problems.keys()]) if (!wanted.has(key)) problems.delete(key);
    for (const [key, route] of wanted) {
      const known = open.get(key);
      if (known !== undefined) known.route = route;
      else if (!problems.has(key)) await start(key, route);
    }
    if (before > 0 || problems.size > 0) options.onProblems([...problems.values()]);
  }

  const inTurn = (routes: readonly StreamRoute[]) => {
    last = last.then(() => apply(routes));
    return last;
  };
  return {
    listening: () => [...open.values()],
    update: inTurn,
    close: () => inTurn([]),
  };
}

function aboutOf({ route, localPort }: Held, address: string): Omit<StreamEvent, "state" | "message"> {
  return {
    type: "stream",
    protocol: route.protocol,
    address,
    port: localPort,
    backend: route.backend && shownBackend(route.backend),
  };
}

function shownBackend({ namespace, service, port }: Backend): NonNullable<StreamEvent["backend"]> {
  return { namespace, service, port: "number" in port ? port.number : port.name };
}

function eventOf(held: Held, address: string, end: StreamEnd): StreamEvent {
  const { upstream, bytes, error } = end;
  const state = error === undefined ? "ended" : "failed";
  return { ...aboutOf(held, address), state, upstream, bytes, message: error ?? "" };
}

function problemOf(route: StreamRoute, error: unknown): Problem {
  const { configMap, file, line } = route.origin;
  const kind = configMap === undefined ? "Gateway" : "ConfigMap";
  const owner = configMap ?? route.listener?.gateway ?? "";
  const [namespace = "", name = ""] = owner.split("/");
  return {
    code: "stream-port",
    level: "warning",
    object: { kind, namespace, name },
    field: kind === "Gateway" ? "spec.listeners" : `data[${route.port}]`,
    message: `${kind} ${owner}: ${route.protocol} port ${route.port} is not served: ${causeOf(error)}`,
    fix:
      error instanceof UserError && error.code === "port-forbidden"
        ? "Ports below 1024 need privileges that ingress-dev should not have: leave the entry out here."
        : "Stop what holds the port, or leave the entry out here.",
    file,
    line,
  };
}

async function listenTcp(
  bind: string,
  holder: Held,
  options: Parameters<typeof passTcp>[2],
  ended: (end: StreamEnd) => void,
): Promise<Opened> {
  const sockets = new Set<Socket>();
  const make = (): Server =>
    createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      passTcp(socket, holder.route, options, ended);
    });
  const { servers, port } = await openListener({ bind, port: wantedPort(holder.route), option: "", make });
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  };
  return { localPort: port, close };
}

async function listenUdp(
  bind: string,
  holder: Held,
  options: Parameters<typeof passUdp>[2],
  ended: (end: StreamEnd) => void,
): Promise<Opened> {
  const bound: UdpSocket[] = [];
  let port = wantedPort(holder.route);
  for (const address of bind === "127.0.0.1" ? [bind, "::1"] : [bind]) {
    const socket = createSocket(address.includes(":") ? { type: "udp6", ipv6Only: true } : { type: "udp4" });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.bind(port, address, resolve);
      });
      // Both addresses have one port.
      ({ port } = socket.address());
      bound.push(socket);
    } catch (error) {
      socket.close();
      // A machine without IPv6 has only the first.
      if (bound.length > 0 && /EADDRNOTAVAIL|EAFNOSUPPORT/.test(causeOf(error))) continue;
      for (const open of bound) open.close();
      throw error;
    }
  }
  const passing = bound.map((socket) => passUdp(socket, () => holder.route, options, ended));
  const close = async () => {
    for (const open of passing) open.close();
    await Promise.all(bound.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  };
  return { localPort: port, close };
}
