import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import { UserError } from "../errors.ts";
import type { StreamEvent } from "../model/event.ts";
import type { Problem } from "../model/problem.ts";
import type { StreamRoute } from "../model/route/stream.ts";
import type { Resolve } from "../model/upstream.ts";
import { causeOf } from "./connect/connect.ts";
import { openListener } from "./listen/listen.ts";
import { passTcp, type StreamEnd } from "./streams/tcp.ts";
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
  close(): Promise<void>;
}

interface Open {
  route: StreamRoute;
  readonly close: () => Promise<void>;
}

/** A port in use is a problem until its route is gone, and affects nothing else. */
export function openStreams(options: StreamsOptions): StreamListeners {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const open = new Map<string, Open>();
  const problems = new Map<string, Problem>();
  let last: Promise<void> = Promise.resolve();

  async function start(key: string, route: StreamRoute): Promise<void> {
    const { bind, resolve, onFault } = options;
    const passing = { ...limits, resolve, onFault };
    try {
      const holder: { route: StreamRoute } = { route };
      const ended = (end: StreamEnd) => options.onEvent(eventOf(holder.route, bind, end));
      const close =
        route.protocol === "tcp"
          ? await listenTcp(bind, holder, passing, ended)
          : await listenUdp(bind, holder, passing, ended);
      open.set(key, Object.assign(holder, { close }));
      options.onEvent({ ...aboutOf(route, bind), state: "listening", message: "" });
    } catch (error) {
      problems.set(key, problemOf(route, error));
    }
  }

  async function apply(routes: readonly StreamRoute[]): Promise<void> {
    const wanted = new Map(routes.map((route) => [`${route.protocol} ${route.port}`, route]));
    const before = problems.size;
    for (const [key, listener] of [...open]) {
      if (wanted.has(key)) continue;
      open.delete(key);
      await listener.close();
      options.onEvent({ ...aboutOf(listener.route, options.bind), state: "closed", message: "" });
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
  return { update: inTurn, close: () => inTurn([]) };
}

function aboutOf(route: StreamRoute, address: string): Omit<StreamEvent, "state" | "message"> {
  const { namespace, service, port } = route.backend;
  return {
    type: "stream",
    protocol: route.protocol,
    address,
    port: route.port,
    backend: { namespace, service, port: "number" in port ? port.number : port.name },
  };
}

function eventOf(route: StreamRoute, address: string, end: StreamEnd): StreamEvent {
  const { upstream, bytes, error } = end;
  const state = error === undefined ? "ended" : "failed";
  return { ...aboutOf(route, address), state, upstream, bytes, message: error ?? "" };
}

function problemOf(route: StreamRoute, error: unknown): Problem {
  const { configMap, file, line } = route.origin;
  const [namespace = "", name = ""] = configMap.split("/");
  return {
    code: "stream-port",
    level: "warning",
    object: { kind: "ConfigMap", namespace, name },
    field: `data[${route.port}]`,
    message: `ConfigMap ${configMap}: ${route.protocol} port ${route.port} is not served: ${causeOf(error)}`,
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
  holder: { readonly route: StreamRoute },
  options: Parameters<typeof passTcp>[2],
  ended: (end: StreamEnd) => void,
): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const make = (): Server =>
    createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      passTcp(socket, holder.route, options, ended);
    });
  const { servers } = await openListener({ bind, port: holder.route.port, option: "", make });
  return async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  };
}

async function listenUdp(
  bind: string,
  holder: { readonly route: StreamRoute },
  options: Parameters<typeof passUdp>[2],
  ended: (end: StreamEnd) => void,
): Promise<() => Promise<void>> {
  const bound: UdpSocket[] = [];
  for (const address of bind === "127.0.0.1" ? [bind, "::1"] : [bind]) {
    const socket = createSocket(address.includes(":") ? { type: "udp6", ipv6Only: true } : { type: "udp4" });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.bind(holder.route.port, address, resolve);
      });
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
  return async () => {
    for (const open of passing) open.close();
    await Promise.all(bound.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  };
}
