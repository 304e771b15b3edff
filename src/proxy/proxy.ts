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

/** What a proxy is to do; it knows nothing of manifests, tables and certificates itself. */
export interface ProxyOptions {
  /** The address to listen on; `127.0.0.1` means `::1` as well. */
  readonly bind: string;
  /** 0: a free one. */
  readonly httpPort: number;
  readonly httpsPort: number;
  /** `exact`: what the cluster would send, nothing of ours with it. */
  readonly exact: "exact" | "local";
  /** Every client counts as coming from there; from where it connects where this is left out. */
  readonly clientAddress?: string | undefined;
  /** Asked once for each request; the answer holds for it whatever comes after. */
  readonly decide: (facts: RequestFacts) => Decision;
  readonly resolve: Resolve;
  /** Why a backend has no endpoints now, `undefined` where it has some. */
  readonly noEndpoints: RequestFacts["noEndpoints"];
  readonly secureContext: SecureContexts;
  /** Whether a new https connection is offered HTTP/2 (`use-http2`); it is where this is left out. */
  readonly http2?: (() => "on" | "off") | undefined;
  /** How requests are read and answered now; default: nginx's */
  readonly plane?: (() => Plane) | undefined;
  /** How clients are spoken to now; as by a controller whose ConfigMap says nothing where this is left out. */
  readonly client?: (() => ClientOptions) | undefined;
  /** Asked once for each TLS connection; where it is absent, every one ends here. */
  readonly decideTls?: (servername: string | undefined) => TlsDecision;
  /** Told of each request's end; what it throws is dropped. */
  readonly onHit: OnHit;
  readonly onUpstream: (event: UpstreamEvent) => void;
  /**
   * Told of a mistake of ours that ended one request or connection, and nothing else. Where it is left out, the fault goes on
   * to the process.
   */
  readonly onFault?: ((fault: unknown) => void) | undefined;
  readonly limits?: Partial<ProxyLimits>;
}

/** A proxy that listens. */
export interface Proxy {
  readonly http: Listener;
  readonly https: Listener;
  readonly ports: Ports;
  /**
   * Takes nothing new, ends idle connections and tunnels at once, lets requests that are being answered come to their
   * end for `graceMs`, then breaks off the rest. Resolves when every socket is closed. Further calls wait for the first.
   */
  close(graceMs: number): Promise<void>;
}

/**
 * Opens both listeners, and answers on them until it is closed.
 *
 * @throws UserError `port-in-use`, `port-forbidden` or `bad-option` before anything is answered; nothing stays open then.
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

/** Nobody asked to be told: it is the process's to say. */
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
