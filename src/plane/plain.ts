import type { Plane, RequestLimits, SpokenBy } from "../model/plane.ts";
import { headerOf } from "../request/header-of.ts";
import { withoutPort } from "../request/host.ts";
import { malformed, type RefusedMethods } from "./malformed.ts";
import { plainAnswer, plainPhrase } from "./plain/answer.ts";
import { readPlainHeaders } from "./plain/read-headers.ts";
import { readPlainPath } from "./plain/read-path.ts";
import { plainRequestHeaders } from "./plain/request-headers.ts";

/** Connection headers (RFC 9110 section 7.6.1). `Upgrade` stays for a 101. */
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

/** After these the next request's start is uncertain, or the rest of this one is unwanted. */
const CLOSING: ReadonlySet<number> = new Set([400, 408, 413, 414, 431, 501, 505]);

// RFC 9110 sets no limit. An HTTP/2 session reads this much.
const LIMITS: RequestLimits = {
  lineBytes: 65_536,
  headBytes: 65_536,
  headerLines: 1_000,
  headTooLarge: 431,
};

/** A gateway is not a proxy that the client chose (RFC 9110 section 9.3.6). */
const REFUSED_METHODS: RefusedMethods = new Map([["CONNECT", "no tunnels are made"]]);

/** A neutral data plane: HTTP by its RFCs, and nothing beyond Kubernetes' specification. */
export const PLAIN: Plane = {
  name: "plain",
  limits: LIMITS,
  refuse: (facts) => malformed(facts, LIMITS, REFUSED_METHODS),
  readPath: readPlainPath,
  // Hosts of Ingresses have no ports (IngressRule.host in k8s.io/api networking/v1), and DNS ignores case.
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
