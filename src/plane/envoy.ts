import type { HeaderLine, RespondDecision } from "../model/decision.ts";
import type { Plane, RequestLimits, SpokenBy } from "../model/plane.ts";
import { reason } from "../model/reason.ts";
import { headerOf } from "../request/header-of.ts";
import { envoyAnswer, envoyPhrase } from "./envoy/answer.ts";
import { changedEarly, type EarlyHeader } from "./envoy/early-headers.ts";
import { envoyFailed } from "./envoy/failed.ts";
import { grpcReply } from "./envoy/grpc-reply.ts";
import { withoutHostDot } from "./envoy/host-dot.ts";
import { readEnvoyHeaders, readWithoutUnderscores } from "./envoy/read-headers.ts";
import { readEnvoyHost } from "./envoy/read-host.ts";
import { type EscapedSlashes, readEnvoyPath, type Slashes } from "./envoy/read-path.ts";
import { refusedByEnvoy, type Underscores } from "./envoy/refuse.ts";
import { envoyRequestHeaders } from "./envoy/request-headers.ts";

/** What Envoy's configuration changes of its reading. */
export interface EnvoyOptions {
  /** `merge_slashes`. default: merged */
  readonly slashes?: Slashes | undefined;
  /** `path_with_escaped_slashes_action`. default: kept */
  readonly escapedSlashes?: EscapedSlashes | undefined;
  /** Header names with an underscore (`headers_with_underscores_action`). default: passed */
  readonly underscores?: Underscores | undefined;
  /** Changes of requests before anything reads them. default: none */
  readonly early?: readonly EarlyHeader[] | undefined;
  /** HTTP/1.0 (`accept_http_10`). default: served */
  readonly http10?: "refused" | undefined;
  /** `strip_trailing_host_dot`. default: kept */
  readonly hostDot?: "cut" | "kept" | undefined;
  /** `server_header_transformation`: "passed" leaves the backend's. default: `envoy` replaces it */
  readonly server?: "passed" | undefined;
}

/** Headers of the backend connection, and those that Envoy writes itself. */
const HIDDEN: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "server",
]);

const HIDDEN_BY: Readonly<Record<SpokenBy, ReadonlySet<string>>> = {
  proxy: HIDDEN,
  grpc: HIDDEN,
  fastcgi: HIDDEN,
};

const BUT_SERVER: ReadonlySet<string> = new Set([...HIDDEN].filter((name) => name !== "server"));
const HIDDEN_BUT_SERVER: typeof HIDDEN_BY = { proxy: BUT_SERVER, grpc: BUT_SERVER, fastcgi: BUT_SERVER };
const SERVER: readonly HeaderLine[] = [["server", "envoy"]];

/** `max_request_headers_kb`, and 100 header lines. */
const LIMITS: RequestLimits = {
  lineBytes: 61_440,
  headBytes: 61_440,
  headerLines: 100,
  headTooLarge: 431,
};

const CLOSING: ReadonlySet<number> = new Set([400, 408, 426, 431]);

const NOBODY_LISTENS: RespondDecision = {
  kind: "respond",
  status: 404,
  madeBy: "head",
  why: [reason("no-rule-for-host", "no listener is served, so in production the connection is refused")],
};

/** No Envoy: nothing listens. Who asks all the same is told so. */
export function noEnvoyPlane(): Plane {
  return { ...envoyPlane(), accepts: "nobody", refuse: () => NOBODY_LISTENS };
}

/** Envoy 1.40 with its HTTP connection manager as ingress controllers configure it. */
export function envoyPlane({
  slashes = "merged",
  escapedSlashes = "kept",
  underscores = "passed",
  hostDot = "kept",
  early = [],
  http10,
  server,
}: EnvoyOptions = {}): Plane {
  return {
    name: "envoy",
    limits: LIMITS,
    refuse: (facts) => refusedByEnvoy(facts, LIMITS, { underscores, http10 }),
    readPath: (target) => readEnvoyPath(target, { slashes, escapedSlashes }),
    readHost: (header) => readEnvoyHost(header, hostDot),
    received: receivedBy(early, hostDot),
    readHeaders: underscores === "dropped" ? readWithoutUnderscores : readEnvoyHeaders,
    header: headerOf,
    requestHeaders: envoyRequestHeaders,
    hidden: server === "passed" ? HIDDEN_BUT_SERVER : HIDDEN_BY,
    accel: "passed on",
    everywhere: server === "passed" ? undefined : SERVER,
    answer: envoyAnswer,
    reply: grpcReply,
    phrase: envoyPhrase,
    closing: CLOSING,
    failed: envoyFailed,
    backendPhrase: "own",
    unrooted: "as it is",
    unswitched: "without body",
    bodies: "streamed",
  };
}

function receivedBy(early: readonly EarlyHeader[], hostDot: "cut" | "kept"): Plane["received"] {
  if (hostDot === "cut") return (raw) => changedEarly(withoutHostDot(raw), early);
  return early.length === 0 ? undefined : (raw) => changedEarly(raw, early);
}
