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
  /** Opens a free port for another entry point; its requests carry the name. */
  open(scheme: Scheme, entryPoint: string): Promise<OpenPort>;
  /** Loads what the listeners open without, so that the first request does not wait for it. */
  load(): Promise<void>;
  /**
   * Takes nothing new, ends idle connections and tunnels at once, waits `graceMs` for requests in progress,
   * then cuts them off. Resolves when every socket is closed; further calls wait for the first.
   */
  close(graceMs: number): Promise<void>;
}

export interface OpenPort extends Listener {
  /** Takes nothing new. */
  close(): void;
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
  const others = new Set<Server>();
  let closed: Promise<void> | undefined;
  return {
    http: { address: http.address, port: http.port },
    https: { address: https.address, port: https.port },
    ports,
    async open(scheme, entryPoint) {
      const take = (socket: Socket) => loader.take(scheme, socket, entryPoint);
      const opened = await openListener({
        ...options,
        port: 0,
        option: portOption(scheme),
        make: () => makeServer(scheme, take),
      });
      for (const server of opened.servers) others.add(server);
      return {
        address: opened.address,
        port: opened.port,
        close() {
          for (const server of opened.servers) if (others.delete(server)) server.close();
        },
      };
    },
    load: async () => (await loader.load()).load(),
    close(graceMs) {
      closed ??= loader
        .load()
        .then((acceptor) => acceptor.stop([...http.servers, ...https.servers, ...others], graceMs));
      return closed;
    },
  };
}

interface Loader {
  /** Gives a connection to what answers, once that is loaded. */
  readonly take: (scheme: Scheme, socket: Socket, entryPoint?: string) => void;
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
    take(scheme, socket, entryPoint) {
      socket.on("error", () => socket.destroy());
      if (acceptor.now !== undefined) {
        acceptor.now.accept(scheme, socket, entryPoint);
        return;
      }
      acceptor.load().then(
        (loaded) => {
          if (!socket.destroyed) loaded.accept(scheme, socket, entryPoint);
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
  const open = (scheme: Scheme, port: number) =>
    openListener({
      ...{ bind, port, option: portOption(scheme) },
      make: () => makeServer(scheme, (socket) => take(scheme, socket)),
    });
  const http = await open("http", httpPort);
  try {
    const https = await open("https", httpsPort);
    return { http, https };
  } catch (error) {
    for (const server of http.servers) server.close();
    throw error;
  }
}

function portOption(scheme: Scheme): string {
  return `--${scheme}-port`;
}

function makeServer(scheme: Scheme, take: (socket: Socket) => void): Server {
  if (scheme === "https") return createServer({ noDelay: true }, take);
  return createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, take);
}
