import type { BackendProtocol, NextUpstreamCondition, Transport } from "../../../model/route/transport.ts";
import { statusRange } from "../../traefik/status-ranges.ts";
import type { NginxAnnotations } from "../annotations.ts";
import type { Context } from "../context.ts";
import type { Location } from "../location.ts";
import type { Unbuilt } from "../matching.ts";
import { buffersOf } from "./buffering.ts";
import { podTls } from "./pod-tls.ts";

const SECOND = 1000;
/** As good as none. */
const DAY = 86_400 * SECOND;
const USUAL_SECONDS = 60;
const USUAL_TRIES = 3;

const PROTOCOLS: ReadonlyMap<string, BackendProtocol> = new Map<string, BackendProtocol>([
  ["HTTPS", "HTTPS"],
  ["GRPCS", "GRPCS"],
  ["GRPC", "GRPC"],
]);

/** Of routes that forward nothing. */
export const PLAIN_HTTP: Transport = {
  protocol: "HTTP",
  bodyLimit: 0,
  connectTimeoutMs: USUAL_SECONDS * SECOND,
  readTimeoutMs: USUAL_SECONDS * SECOND,
  sendTimeoutMs: USUAL_SECONDS * SECOND,
};

/** The way to the Service. */
export function wayToPods({ annotations }: Location, context: Context): Transport | Unbuilt {
  const nextUpstream = retriesOf(annotations);
  if (nextUpstream !== undefined && "why" in nextUpstream) return nextUpstream;
  const protocol = PROTOCOLS.get((annotations.text("backend-protocol") ?? "").toUpperCase()) ?? "HTTP";
  return {
    protocol,
    tls: protocol === "HTTPS" || protocol === "GRPCS" ? podTls(annotations, context) : undefined,
    bodyLimit: 0,
    connectTimeoutMs: timeout(annotations, "proxy-connect-timeout"),
    readTimeoutMs: timeout(annotations, "proxy-read-timeout"),
    sendTimeoutMs: timeout(annotations, "proxy-send-timeout"),
    nextUpstream,
    ...buffersOf(annotations),
  };
}

function timeout(annotations: NginxAnnotations, name: string): number {
  const seconds = annotations.integer(name) ?? USUAL_SECONDS;
  return seconds <= 0 ? DAY : Math.min(seconds * SECOND, DAY);
}

/** Any method is retried. A status has to be a number or a range. */
function retriesOf(annotations: NginxAnnotations): Transport["nextUpstream"] | Unbuilt {
  const words = (annotations.text("proxy-next-upstream") ?? "error timeout")
    .split(/\s+/)
    .filter((word) => word !== "");
  const tries = annotations.integer("proxy-next-upstream-tries") ?? USUAL_TRIES;
  if (tries < 0 || words.includes("off")) return { conditions: new Set(), tries: 1, timeoutMs: 0 };
  const bad = words.find(
    (word) => word.startsWith("http_") && statusRange(word.slice("http_".length)) === undefined,
  );
  if (bad !== undefined)
    return { why: `proxy-next-upstream: ${bad} is no status`, annotation: "proxy-next-upstream" };
  const conditions = new Set<NextUpstreamCondition>(["error", "non_idempotent"]);
  for (const word of words) if (isCondition(word)) conditions.add(word);
  return { conditions, tries, timeoutMs: 0 };
}

const STATUSES: ReadonlySet<string> = new Set(
  [500, 502, 503, 504, 403, 404, 429].map((status) => `http_${status}`),
);

function isCondition(word: string): word is NextUpstreamCondition {
  return STATUSES.has(word) || word === "timeout";
}
