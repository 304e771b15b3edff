import type { Mirror } from "../model/rewrites.ts";
import type { VariableText } from "../model/variable-text.ts";
import { serviceNamed } from "../request/service-name.ts";
import { fillVariables } from "../request/variables.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/**
 * `mirror-target`: a copy of each request that may come in goes there, whatever its backend answers; the answer to the
 * copy is thrown away (ngx_http_mirror_module, in the phase before the content).
 */
export interface MirrorStep {
  readonly kind: "mirror";
  readonly target: VariableText;
  /** `mirror-host`. default: the host that the target names. */
  readonly host: VariableText;
  /** `mirror-request-body`. */
  readonly body: "sent" | "left-out";
}

/** A URL as `proxy_pass` takes it apart: no user, a port of at most five digits. */
const TARGET = /^(https?):\/\/(\[[\da-f:.]+\]|[^/?#:@\s]+)(?::(\d{1,5}))?([/?].*)?$/i;

/** Asked for where the target has no path: in the cluster the Ingress's own uid stands behind it (mirror/main.go). */
const SOURCE = "/_mirror-00000000-0000-0000-0000-000000000000";

/** No copy is sent to a target that comes to no URL. */
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
  return { mirror };
}

/** A path with variables in it is sent as it is, one without takes the place of the location's, before the query. */
function pathOf(uri: string, target: VariableText, { path }: Arrival): string {
  const query = path.query === "" ? "" : `?${path.query}`;
  if (uri === "") return SOURCE + query;
  const varies = target.parts.some((part) => typeof part !== "string");
  const rooted = uri.startsWith("/") ? uri : `/${uri}`;
  return varies ? rooted : rooted + query;
}
