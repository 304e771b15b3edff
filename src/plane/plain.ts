import type { Plane, RequestLimits, SpokenBy } from "../model/plane.ts";
import { headerOf } from "../request/header-of.ts";
import { withoutPort } from "../request/host.ts";
import { malformed, type RefusedMethods } from "./malformed.ts";
import { plainAnswer, plainPhrase } from "./plain/answer.ts";
import { readPlainHeaders } from "./plain/read-headers.ts";
import { readPlainPath } from "./plain/read-path.ts";
import { plainRequestHeaders } from "./plain/request-headers.ts";

/** About the connection to the backend (RFC 9110 section 7.6.1). `Upgrade` stays: a 101 needs it. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
]);

const HIDDEN: Readonly<Record<SpokenBy, ReadonlySet<string>>> = {
  proxy: OF_CONNECTION,
  grpc: OF_CONNECTION,
  fastcgi: OF_CONNECTION,
};

/** After these it is not certain where the next request begins, or the client is not to send the rest of this one. */
const CLOSING: ReadonlySet<number> = new Set([400, 408, 413, 414, 431, 501, 505]);

// RFC 9110 sets no limit. A session of HTTP/2 reads so much here.
const LIMITS: RequestLimits = {
  lineBytes: 65_536,
  headBytes: 65_536,
  headerLines: 1_000,
  headTooLarge: 431,
};

/** A gateway is no proxy that a client has chosen (RFC 9110 section 9.3.6). */
const REFUSED_METHODS: RefusedMethods = new Map([["CONNECT", "no tunnels are made"]]);

/**
 * A data plane that is nobody's in particular: HTTP as its RFCs have it, and nothing that a specification of Kubernetes
 * does not say.
 */
export const PLAIN: Plane = {
  name: "plain",
  limits: LIMITS,
  refuse: (facts) => malformed(facts, LIMITS, REFUSED_METHODS),
  readPath: readPlainPath,
  // Hosts of Ingresses have no ports (IngressRule.host in k8s.io/api networking/v1), and case is nothing to DNS.
  readHost: (header) => withoutPort(header).toLowerCase(),
  readHeaders: readPlainHeaders,
  header: headerOf,
  requestHeaders: plainRequestHeaders,
  hidden: HIDDEN,
  accel: "passed on",
  answer: plainAnswer,
  phrase: plainPhrase,
  closing: CLOSING,
};
