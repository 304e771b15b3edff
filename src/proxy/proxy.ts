import { createServer, type Server, type Socket } from "node:net";
import { late } from "../late.ts";
import type { Ports, Scheme } from "../model/decision.ts";
import type { Listener } from "../model/event.ts";
import type { Acceptor } from "./acceptor.ts";
import type { ProxyOptions } from "./compose.ts";
import { DEFAULT_LIMITS, type ProxyLimits } from "./limits.ts";
import { type OpenListener, openListener } from "./listen/listen.ts";

export type { ProxyOptions } from "./compose.ts";

export interface Proxy {
  readonly http: Listener;
  readonly https: Listener;
  readonly ports: Ports;
  /** Loads what the listeners open without, so that the first request does not wait for it. */
  load(): Promise<void>;
  /**
   * Takes nothing new, ends idle connections and tunnels at once, waits `graceMs` for requests in progress,
   * then cuts them off. Resolves when every socket is closed; further calls wait for the first.
   */
  close(graceMs: number): Promise<void>;
}

/**
 * Opens both listeners and answers until closed. What answers is loaded by `load`, or for the first connection.
 * @throws UserError `port-in-use`, `port-forbidden` or `bad-option`; nothing stays open
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const exact = options.exact === "exact";
  const limits = { ...DEFAULT_LIMITS, ...(exact ? { restartMs: 0 } : {}), ...options.limits };
  const loader = createLoader(options, limits);
  const { http, https } = await openListeners(loader.take, options);
  const ports = { http: http.port, https: https.port };
  loader.open(ports);
  let closed: Promise<void> | undefined;
  return {
    http: { address: http.address, port: http.port },
    https: { address: https.address, port: https.port },
    ports,
    load: async () => (await loader.load()).load(),
    close(graceMs) {
      closed ??= loader
        .load()
        .then((acceptor) => acceptor.stop([...http.servers, ...https.servers], graceMs));
      return closed;
    },
  };
}

interface Loader {
  /** Gives a connection to what answers, once that is loaded. */
  readonly take: (scheme: Scheme, socket: Socket) => void;
  /** The listeners are open. */
  readonly open: (ports: Ports) => void;
  readonly load: () => Promise<Acceptor>;
}

function createLoader(options: ProxyOptions, limits: ProxyLimits): Loader {
  let open: (ports: Ports) => void = () => undefined;
  const opened = new Promise<Ports>((resolve) => {
    open = resolve;
  });
  const acceptor = late(async () => {
    const [{ createAcceptor }, ports] = await Promise.all([
      import("./acceptor.ts"),
      opened,
      options.load?.(),
    ]);
    return createAcceptor(options, limits, ports);
  });
  return {
    take(scheme, socket) {
      socket.on("error", () => socket.destroy());
      if (acceptor.now !== undefined) {
        acceptor.now.accept(scheme, socket);
        return;
      }
      acceptor.load().then(
        (loaded) => {
          if (!socket.destroyed) loaded.accept(scheme, socket);
        },
        (error: unknown) => {
          socket.destroy();
          throw error;
        },
      );
    },
    open,
    load: acceptor.load,
  };
}

interface Listeners {
  readonly http: OpenListener<Server>;
  readonly https: OpenListener<Server>;
}

async function openListeners(take: Loader["take"], options: ProxyOptions): Promise<Listeners> {
  const { bind, httpPort, httpsPort } = options;
  const makeHttp = () =>
    createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
      take("http", socket),
    );
  const makeHttps = () => createServer({ noDelay: true }, (socket) => take("https", socket));
  const http = await openListener({ bind, port: httpPort, option: "--http-port", make: makeHttp });
  try {
    const https = await openListener({ bind, port: httpsPort, option: "--https-port", make: makeHttps });
    return { http, https };
  } catch (error) {
    for (const server of http.servers) server.close();
    throw error;
  }
}
