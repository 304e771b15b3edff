import type { Mirror } from "../../model/settings/mirror.ts";
import { serviceNamed } from "../../request/service-name.ts";
import { fillVariables } from "../../request/variables.ts";
import type { Arrival } from "./arrival.ts";

/** A URL as `proxy_pass` takes it apart: no user, a port of at most five digits. */
const TARGET = /^(https?):\/\/(\[[\da-f:.]+\]|[^/?#:@\s]+)(?::(\d{1,5}))?([/?].*)?$/i;

/** What a target without a path is asked for: in the cluster the Ingress's own uid stands behind it (mirror/main.go). */
const SOURCE = "/_mirror-00000000-0000-0000-0000-000000000000";

/**
 * `mirror-target`: the copy that is made of a request once it may come in, whatever its backend answers to it
 * (ngx_http_mirror_module, in the phase before the content). `undefined` where the target comes to no URL.
 */
export function mirrored(arrival: Arrival): Mirror | undefined {
  const { mirror } = arrival.route.settings;
  if (mirror === undefined) return undefined;
  const [, name, host = "", digits, uri = ""] = TARGET.exec(fillVariables(mirror.target, arrival)) ?? [];
  if (name === undefined) return undefined;
  const scheme = name.toLowerCase() === "https" ? "https" : "http";
  const port = Number(digits ?? (scheme === "https" ? 443 : 80));
  return {
    scheme,
    to: serviceNamed(host, port) ?? { host: host.replace(/^\[|\]$/g, ""), port },
    path: pathOf(uri, arrival),
    host: fillVariables(mirror.host, arrival).replace(/[\x00-\x1f\x7f]/g, encodeURIComponent),
    body: mirror.body,
  };
}

/** A path with variables in it is sent as it is, one without takes the place of the location's, before the query. */
function pathOf(uri: string, { route, path }: Arrival): string {
  const query = path.query === "" ? "" : `?${path.query}`;
  if (uri === "") return SOURCE + query;
  const varies = route.settings.mirror?.target.parts.some((part) => typeof part !== "string") === true;
  const rooted = uri.startsWith("/") ? uri : `/${uri}`;
  return varies ? rooted : rooted + query;
}
