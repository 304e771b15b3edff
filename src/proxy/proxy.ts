import type { Http2SecureServer } from "node:http2";
import type { Server, Socket } from "node:net";
import { contain } from "../contain.ts";
import type { Ports } from "../model/decision.ts";
import type { Listener } from "../model/event.ts";
import type { TlsDecision } from "../model/tls.ts";
import { type Composed, compose, type ProxyOptions } from "./compose.ts";
import { createFrame } from "./exchange/frame.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { createHttpServer } from "./listen/http-server.ts";
import { createHttpsServer, secure } from "./listen/https-server.ts";
import { type OpenListener, openListener } from "./listen/listen.ts";
import type { Listening } from "./listen/listening.ts";

export type { ProxyOptions } from "./compose.ts";

export interface Proxy {
  readonly http: Listener;
  readonly https: Listener;
  readonly ports: Ports;
  /** Loads what the listeners open without, so that the first answer of the proxy's own does not wait for it. */
  load(): Promise<void>;
  /**
   * Takes nothing new, ends idle connections and tunnels at once, waits `graceMs` for requests in progress,
   * then cuts them off. Resolves when every socket is closed; further calls wait for the first.
   */
  close(graceMs: number): Promise<void>;
}

/**
 * Opens both listeners and answers until closed.
 * @throws UserError `port-in-use`, `port-forbidden` or `bad-option`; nothing stays open
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const exact = options.exact === "exact";
  const limits = { ...DEFAULT_LIMITS, ...(exact ? { restartMs: 0 } : {}), ...options.limits };
  const frame = createFrame();
  const composed = compose(options, limits, frame);
  const { http, https } = await openListeners(composed.listening, options);
  const ports = { http: http.port, https: https.port };
  composed.setPorts(ports);
  let closed: Promise<void> | undefined;
  return {
    http: { address: http.address, port: http.port },
    https: { address: https.address, port: https.port },
    ports,
    load: frame.load,
    close(graceMs) {
      closed ??= stop(composed, [...http.servers, ...https.servers], graceMs).then(() => frame.close());
      return closed;
    },
  };
}

interface Listeners {
  readonly http: OpenListener<Server>;
  readonly https: OpenListener<Http2SecureServer>;
}

async function openListeners(context: Listening, options: ProxyOptions): Promise<Listeners> {
  const { bind, httpPort, httpsPort } = options;
  const { limits, connections } = context;
  const take = (socket: Socket) => {
    contain(socket, (fault) => {
      context.onFault(fault);
      socket.destroy();
    });
    connections.track(socket);
  };
  const makeHttp = () => {
    const server = createHttpServer(context);
    server.on("connection", take);
    return server;
  };
  const tls = { contexts: options.secureContext, decide: options.decideTls ?? endTls };
  const makeHttps = () => {
    const server = createHttpsServer(limits);
    secure(context, server, tls);
    server.on("connection", take);
    return server;
  };
  const http = await openListener({ bind, port: httpPort, option: "--http-port", make: makeHttp });
  try {
    const https = await openListener({ bind, port: httpsPort, option: "--https-port", make: makeHttps });
    return { http, https };
  } catch (error) {
    for (const server of http.servers) server.close();
    throw error;
  }
}

function endTls(): TlsDecision {
  return { kind: "end" };
}

async function stop(
  { listening, close }: Composed,
  servers: readonly (Server | Http2SecureServer)[],
  graceMs: number,
): Promise<void> {
  const { connections } = listening;
  const ended = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  connections.drain();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, graceMs);
    connections.whenQuiet(() => {
      clearTimeout(timer);
      resolve();
    });
  });
  connections.destroyAll();
  close();
  await Promise.all(ended);
}
