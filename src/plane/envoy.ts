import type { Plane, RequestLimits, SpokenBy } from "../model/plane.ts";
import { headerOf } from "../request/header-of.ts";
import { envoyAnswer, envoyPhrase } from "./envoy/answer.ts";
import { readEnvoyHeaders } from "./envoy/read-headers.ts";
import { readEnvoyHost } from "./envoy/read-host.ts";
import { readEnvoyPath, type Slashes } from "./envoy/read-path.ts";
import { refusedByEnvoy } from "./envoy/refuse.ts";
import { envoyRequestHeaders } from "./envoy/request-headers.ts";

/** What Envoy's configuration changes of its reading. */
export interface EnvoyOptions {
  /** `merge_slashes`. default: merged */
  readonly slashes?: Slashes | undefined;
  /** `strip_trailing_host_dot`. default: kept */
  readonly hostDot?: "cut" | "kept" | undefined;
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

/** `max_request_headers_kb`, and 100 header lines. */
const LIMITS: RequestLimits = {
  lineBytes: 61_440,
  headBytes: 61_440,
  headerLines: 100,
  headTooLarge: 431,
};

const CLOSING: ReadonlySet<number> = new Set([400, 408, 431]);

/** Envoy 1.40 with its HTTP connection manager as ingress controllers configure it. */
export function envoyPlane({ slashes = "merged", hostDot = "kept" }: EnvoyOptions = {}): Plane {
  return {
    name: "envoy",
    limits: LIMITS,
    refuse: (facts) => refusedByEnvoy(facts, LIMITS),
    readPath: (target) => readEnvoyPath(target, slashes),
    readHost: (header) => readEnvoyHost(header, hostDot),
    readHeaders: readEnvoyHeaders,
    header: headerOf,
    requestHeaders: envoyRequestHeaders,
    hidden: HIDDEN_BY,
    accel: "passed on",
    answer: envoyAnswer,
    phrase: envoyPhrase,
    closing: CLOSING,
  };
}
