import { randomBytes, randomFillSync } from "node:crypto";
import type { Http2SecureServer } from "node:http2";
import type { Server, Socket } from "node:net";
import { contain } from "../contain.ts";
import { type ClientOptions, DEFAULT_CLIENT_OPTIONS } from "../model/client-options.ts";
import type { Decision, Ports, RequestFacts } from "../model/decision.ts";
import type { Listener, UpstreamEvent } from "../model/event.ts";
import type { Plane } from "../model/plane.ts";
import type { TlsDecision } from "../model/tls.ts";
import type { Resolve } from "../model/upstream.ts";
import { NGINX } from "../plane/nginx.ts";
import { clientPort } from "../request/hop.ts";
import { answer } from "./carry/answer.ts";
import { createHttp2Sessions } from "./connect/http2-sessions.ts";
import { createPools } from "./connect/pool.ts";
import { createAuthCache } from "./decide/guards/auth-cache.ts";
import { createNonces } from "./decide/guards/nonces.ts";
import { createZones } from "./decide/guards/zones.ts";
import { goInside } from "./decide/inner-redirect.ts";
import { createBcrypt } from "./decide/passwords/bcrypt.ts";
import { remembering } from "./decide/passwords/check.ts";
import { verify } from "./decide/passwords/verify.ts";
import { requestIds } from "./decide/request-id.ts";
import { trackConnections } from "./exchange/client-connections.ts";
import type { ProxyContext } from "./exchange/context.ts";
import { createFrame, type Frame } from "./exchange/frame.ts";
import { hitTeller, type OnHit } from "./exchange/hit.ts";
import { DEFAULT_LIMITS, type ProxyLimits } from "./limits.ts";
import { createHttpServer } from "./listen/http-server.ts";
import { createHttpsServer, type SecureContexts, secure } from "./listen/https-server.ts";
import { type OpenListener, openListener } from "./listen/listen.ts";

export type { ProxyLimits } from "./limits.ts";

/** A proxy's parameters; it knows no manifests, tables and certificates. */
export interface ProxyOptions {
  /** The address to listen on; `127.0.0.1` includes `::1`. */
  readonly bind: string;
  /** 0: a free port */
  readonly httpPort: number;
  readonly httpsPort: number;
  /** `exact`: as the cluster, with nothing of ours. */
  readonly exact: "exact" | "local";
  /** Replaces the address of every client. default: the connection's */
  readonly clientAddress?: string | undefined;
  /** Called once per request; the answer stays valid for it. */
  readonly decide: (facts: RequestFacts) => Decision;
  readonly resolve: Resolve;
  /** The reason why a backend has no endpoints now; `undefined` if it has some. */
  readonly noEndpoints: RequestFacts["noEndpoints"];
  readonly secureContext: SecureContexts;
  /** HTTP/2 for new https connections (`use-http2`). default: on */
  readonly http2?: (() => "on" | "off") | undefined;
  /** Reading and answering now. default: nginx's */
  readonly plane?: (() => Plane) | undefined;
  /** Client settings now. default: those without a ConfigMap */
  readonly client?: (() => ClientOptions) | undefined;
  /** Called once per TLS connection. default: TLS ends here */
  readonly decideTls?: (servername: string | undefined) => TlsDecision;
  /** Receives each request's end; its exceptions are dropped. */
  readonly onHit: OnHit;
  readonly onUpstream: (event: UpstreamEvent) => void;
  /** Receives a bug of ours that ended one request or connection. default: the process gets it */
  readonly onFault?: ((fault: unknown) => void) | undefined;
  readonly limits?: Partial<ProxyLimits>;
}

export interface Proxy {
  readonly http: Listener;
  readonly https: Listener;
  readonly ports: Ports;
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
  await frame.ready();
  const context = contextOf(options, limits, frame);
  const { http, https } = await openListeners(context, options);
  const ports = { http: http.port, https: https.port };
  context.ports = ports;
  context.forwardedPorts = {
    http: clientPort({ scheme: "http", ports, exact }),
    https: clientPort({ scheme: "https", ports, exact }),
  };
  let closed: Promise<void> | undefined;
  return {
    http: { address: http.address, port: http.port },
    https: { address: https.address, port: https.port },
    ports,
    close(graceMs) {
      closed ??= stop(context, [...http.servers, ...https.servers], graceMs).then(() => frame.close());
      return closed;
    },
  };
}

interface Listeners {
  readonly http: OpenListener<Server>;
  readonly https: OpenListener<Http2SecureServer>;
}

async function openListeners(context: ProxyContext, options: ProxyOptions): Promise<Listeners> {
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

function contextOf(options: ProxyOptions, limits: ProxyLimits, frame: Frame): ProxyContext {
  const clock = () => performance.now();
  const tell = hitTeller(options.onHit);
  const bcrypt = createBcrypt();
  const onFault = options.onFault ?? handOn;
  const pools = createPools({
    idleMs: limits.upstreamIdleMs,
    restartMs: limits.restartMs,
    now: clock,
    onUpstream: options.onUpstream,
    onFault,
  });
  const context: ProxyContext = {
    decide: options.decide,
    resolve: options.resolve,
    noEndpoints: options.noEndpoints,
    limits,
    exact: options.exact === "exact",
    http2Offer: options.http2 ?? (() => "on"),
    plane: options.plane ?? (() => NGINX),
    client: options.client ?? (() => DEFAULT_CLIENT_OPTIONS),
    ports: { http: 0, https: 0 },
    forwardedPorts: { http: "0", https: "0" },
    connections: trackConnections(options.clientAddress),
    pools,
    http2: createHttp2Sessions(pools.connect, limits.upstreamIdleMs),
    zones: createZones(clock),
    authCache: createAuthCache(clock, Date.now),
    passwords: remembering((hash, password) => verify(hash, password, bcrypt), clock, randomBytes(32)),
    nonces: createNonces(clock, () => randomBytes(8).toString("hex")),
    bcrypt,
    requestId: requestIds(randomFillSync),
    now: () => Date.now(),
    clock,
    answer: (exchange, said) => answer(frame, context, exchange, said),
    inside: (exchange, from, value, raw) => goInside(context, exchange, from, value, raw),
    onFault,
    tell: (told) => tell(told, clock()),
  };
  return context;
}

/** Without a listener the fault is the process's. */
function handOn(fault: unknown): void {
  process.nextTick(() => {
    throw fault;
  });
}

async function stop(
  context: ProxyContext,
  servers: readonly (Server | Http2SecureServer)[],
  graceMs: number,
): Promise<void> {
  const { connections } = context;
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
  context.http2.close();
  context.pools.close();
  context.bcrypt.close();
  await Promise.all(ended);
}
