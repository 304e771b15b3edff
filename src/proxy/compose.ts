import { randomBytes, randomFillSync } from "node:crypto";
import { httpDates } from "../http1/http-date.ts";
import { type ClientOptions, DEFAULT_CLIENT_OPTIONS } from "../model/client-options.ts";
import type { Decision, Ports, RequestFacts, Scheme } from "../model/decision.ts";
import type { UpstreamEvent } from "../model/event.ts";
import type { Plane } from "../model/plane.ts";
import type { Resolve } from "../model/upstream.ts";
import { NGINX } from "../plane/nginx.ts";
import { clientPort } from "../request/hop.ts";
import { answerLocally } from "./carry/answer-locally.ts";
import type { UpstreamAccess } from "./carry/carrying.ts";
import { createHttp2Sessions } from "./connect/http2-sessions.ts";
import { createPools } from "./connect/pool.ts";
import type { Client, Guarding } from "./decide/deciding.ts";
import { createAuthCache } from "./decide/guards/auth-cache.ts";
import { createHealth } from "./decide/guards/health.ts";
import { createNonces } from "./decide/guards/nonces.ts";
import { createZones } from "./decide/guards/zones.ts";
import { goInside } from "./decide/inner-redirect.ts";
import { followedRedirect } from "./decide/internal-redirect.ts";
import { type Bcrypt, createBcrypt } from "./decide/passwords/bcrypt.ts";
import { remembering } from "./decide/passwords/check.ts";
import { verify } from "./decide/passwords/verify.ts";
import { requestIds } from "./decide/request-id.ts";
import { createTurns } from "./decide/turns.ts";
import type { Telling } from "./exchange/answering.ts";
import { trackConnections } from "./exchange/client-connections.ts";
import type { Frame } from "./exchange/frame.ts";
import { hitTeller, type OnHit } from "./exchange/hit.ts";
import { recordExchange } from "./exchange/recording.ts";
import type { ProxyLimits } from "./limits.ts";
import type { SecureContexts, TlsOptions } from "./listen/https-server.ts";
import type { Listening } from "./listen/listening.ts";

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
  /** Loads what `resolve` gives; awaited before the first request. */
  readonly load?: (() => Promise<unknown>) | undefined;
  readonly secureContext: SecureContexts;
  /** HTTP/2 for new https connections (`use-http2`). default: on */
  readonly http2?: (() => "on" | "off") | undefined;
  /** Reading and answering now. default: nginx's */
  readonly plane?: ((client?: Client) => Plane) | undefined;
  /** Client settings now. default: those without a ConfigMap */
  readonly client?: (() => ClientOptions) | undefined;
  /** Called once per TLS connection. default: TLS ends here */
  readonly decideTls?: TlsOptions["decide"];
  /** Receives each request's end; its exceptions are dropped. */
  readonly onHit: OnHit;
  /** Records requests for `onHit`, with this much of each body. default: none is recorded. unit: bytes */
  readonly recordedBytes?: number | undefined;
  readonly onUpstream: (event: UpstreamEvent) => void;
  /** Receives a bug of ours that ended one request or connection. default: the process gets it */
  readonly onFault?: ((fault: unknown) => void) | undefined;
  readonly limits?: Partial<ProxyLimits>;
}

/** The parts of one proxy. */
export interface Composed {
  readonly listening: Listening;
  close(): void;
}

const clock = () => performance.now();

/** Puts the rooms together. */
export function compose(options: ProxyOptions, limits: ProxyLimits, ports: Ports, frame: Frame): Composed {
  const isExact = options.exact === "exact";
  const bcrypt = createBcrypt();
  const telling = tellingOf(options);
  const upstreams = upstreamsOf(options, limits, telling);
  const connections = trackConnections(options.clientAddress);
  const clientPorts: Readonly<Record<Scheme, string>> = {
    http: clientPort({ scheme: "http", ports, exact: isExact }),
    https: clientPort({ scheme: "https", ports, exact: isExact }),
  };
  const guarding = guardingOf(bcrypt);
  const listening: Listening = {
    ...telling,
    ...upstreams,
    ...guarding,
    sick: guarding.health.sick,
    limits,
    exact: isExact,
    decide: options.decide,
    noEndpoints: options.noEndpoints,
    nextShare: createTurns(),
    http2Offer: options.http2 ?? (() => "on"),
    plane: options.plane ?? (() => NGINX),
    client: options.client ?? (() => DEFAULT_CLIENT_OPTIONS),
    ports: () => ports,
    clientPort: (scheme) => clientPorts[scheme],
    connections,
    isDraining: () => connections.draining,
    requestId: requestIds(randomFillSync),
    record: recorderOf(options),
    now: () => Date.now(),
    date: httpDates(Date.now),
    clock,
    answer: (exchange, reply) => answerLocally(frame, listening, exchange, reply),
    inside: (exchange, from, value, raw) => goInside(listening, exchange, from, value, raw),
    followed: (exchange, from, answer) => followedRedirect(listening, exchange, from, answer),
  };
  return {
    listening,
    close() {
      upstreams.http2.close();
      upstreams.pools.close();
      bcrypt.close();
    },
  };
}

function tellingOf({ onHit, onFault }: ProxyOptions): Telling {
  const tell = hitTeller(onHit);
  return { tell: (hit) => tell(hit, clock()), onFault: onFault ?? handOn };
}

function recorderOf({ recordedBytes }: ProxyOptions): Listening["record"] {
  return recordedBytes === undefined
    ? undefined
    : (exchange) => recordExchange(exchange, recordedBytes, clock);
}

/** Without a listener the fault is the process's. */
function handOn(fault: unknown): void {
  process.nextTick(() => {
    throw fault;
  });
}

function upstreamsOf(options: ProxyOptions, limits: ProxyLimits, { onFault }: Telling): UpstreamAccess {
  const { upstreamIdleMs: idleMs, restartMs } = limits;
  const pools = createPools({ idleMs, restartMs, now: clock, onUpstream: options.onUpstream, onFault });
  return { resolve: options.resolve, pools, http2: createHttp2Sessions(pools.connect, idleMs) };
}

function guardingOf(bcrypt: Bcrypt): Guarding {
  return {
    zones: createZones(clock),
    health: createHealth(clock),
    authCache: createAuthCache(clock, Date.now),
    passwords: remembering((hash, password) => verify(hash, password, bcrypt), clock, randomBytes(32)),
    nonces: createNonces(clock, () => randomBytes(8).toString("hex")),
  };
}
