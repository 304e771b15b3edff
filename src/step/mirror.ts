import type { Mirror } from "../model/route/rewrites.ts";
import type { VariableText } from "../model/route/variable-text.ts";
import { serviceNamed } from "../request/service-name.ts";
import { fillVariables } from "../request/variables.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/**
 * `mirror-target`: sends a copy of each admitted request and discards its answer (ngx_http_mirror_module, in
 * the phase before the content).
 */
export interface MirrorStep {
  readonly kind: "mirror";
  readonly target: VariableText;
  /** `mirror-host`. default: the target's host */
  readonly host: VariableText;
  /** `mirror-request-body` */
  readonly body: "sent" | "left-out";
}

/** A URL as `proxy_pass` splits it: no user, a port of at most five digits. */
const TARGET = /^(https?):\/\/(\[[\da-f:.]+\]|[^/?#:@\s]+)(?::(\d{1,5}))?([/?].*)?$/i;

/** The path for a target without one; the cluster's ends in the Ingress's uid (mirror/main.go). */
const SOURCE = "/_mirror-00000000-0000-0000-0000-000000000000";

/** No copy is sent to an invalid URL. */
export function copyRequest(at: Arrival, step: MirrorStep): Change | undefined {
  const [, name, host = "", digits, uri = ""] = TARGET.exec(fillVariables(step.target, at)) ?? [];
  if (name === undefined) return undefined;
  const scheme = name.toLowerCase() === "https" ? "https" : "http";
  const port = Number(digits ?? (scheme === "https" ? 443 : 80));
  const mirror: Mirror = {
    scheme,
    to: serviceNamed(host, port) ?? { host: host.replace(/^\[|\]$/g, ""), port },
    path: pathOf(uri, step.target, at),
    host: fillVariables(step.host, at).replace(/[\x00-\x1f\x7f]/g, encodeURIComponent),
    body: step.body,
  };
  return { mirrors: [mirror] };
}

/** A path with variables is sent as it is; one without replaces the location's, before the query. */
function pathOf(uri: string, target: VariableText, { path }: Arrival): string {
  const query = path.query === "" ? "" : `?${path.query}`;
  if (uri === "") return SOURCE + query;
  const varies = target.parts.some((part) => typeof part !== "string");
  const rooted = uri.startsWith("/") ? uri : `/${uri}`;
  return varies ? rooted : rooted + query;
}
