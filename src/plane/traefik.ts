import type { Plane, RequestLimits, SpokenBy } from "../model/plane.ts";
import { withoutPort } from "../request/host.ts";
import { traefikAnswer } from "./traefik/answer.ts";
import { type EntryOptionsByScheme, isTrusted } from "./traefik/entry-options.ts";
import { goPhrase } from "./traefik/phrase.ts";
import { readTraefikHeaders, traefikHeader } from "./traefik/read-headers.ts";
import { readTraefikPath } from "./traefik/read-path.ts";
import { refusedByGo } from "./traefik/refuse.ts";
import { FORWARDED_SERVER, traefikRequestHeaders } from "./traefik/request-headers.ts";

/** http.DefaultMaxHeaderBytes and its slack, for the whole head. Go counts no lines. */
const LIMITS: RequestLimits = {
  lineBytes: 1_052_672,
  headBytes: 1_052_672,
  headerLines: 10_000,
  headTooLarge: 431,
  requestLine: "any",
};

/** httputil.ReverseProxy, hopHeaders. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
]);
const HIDDEN: Readonly<Record<SpokenBy, ReadonlySet<string>>> = {
  proxy: OF_CONNECTION,
  grpc: OF_CONNECTION,
  fastcgi: OF_CONNECTION,
};

/** net/http closes after what it could not read. */
const CLOSING: ReadonlySet<number> = new Set([413, 431, 501, 505]);

/** Traefik 3.7.9 on Go's net/http, with options of the entry points for http and https. */
export function traefikPlane(options: EntryOptionsByScheme): Plane {
  return {
    name: "Traefik",
    ownName: FORWARDED_SERVER,
    limits: LIMITS,
    refuse: (facts) => refusedByGo(facts, LIMITS, options),
    readPath: (target, scheme = "http") => readTraefikPath(target, options[scheme].dots),
    readHost,
    readHeaders: (raw, scheme = "http") =>
      readTraefikHeaders(raw, options[scheme].underscores === "dropped" ? "dropped" : "passed"),
    header: (raw, name, sender) =>
      traefikHeader(
        raw,
        name,
        sender !== undefined && isTrusted(options[sender.scheme], sender.remoteAddress) ? "seen" : "hidden",
      ),
    requestHeaders: (read, hop, length, set) => traefikRequestHeaders(read, hop, length, set, options),
    hidden: HIDDEN,
    accel: "passed on",
    // A middleware sees the answers of those within it alone.
    refusalHeaders: "earlier",
    answer: traefikAnswer,
    phrase: goPhrase,
    // net/http writes its own words for a status.
    backendPhrase: "own",
    closing: CLOSING,
    // pkg/proxy/httputil, ComputeStatusCode: 502 is for errors of the network alone.
    misunderstood: 500,
    // It meets routers without TLS, of which an entry point with TLS has none.
    plainOnTls: 404,
    unrooted: "as it is",
    bodies: "streamed",
  };
}

/**
 * Lower case, without port and one final dot (pkg/middlewares/requestdecorator). A name with two colons is no name with a
 * port (net.SplitHostPort), and stays.
 */
function readHost(header: string): string {
  const isOdd = !header.startsWith("[") && header.indexOf(":") !== header.lastIndexOf(":");
  const name = (isOdd ? header : withoutPort(header)).toLowerCase();
  return name.endsWith(".") ? name.slice(0, -1) : name;
}
