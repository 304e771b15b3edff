import type { Decision } from "../../model/decision.ts";
import type { Route } from "../../model/route.ts";
import { escapeArgs, escapeUri } from "../path.ts";
import { type Arrival, backendFor } from "./arrival.ts";

/** `rewrite-target` (template.go buildProxyPass: `rewrite "(?i)<path>" <target> break`). */
export function rewritten(arrival: Arrival): Decision | undefined {
  const { route, path } = arrival;
  const rewrite = route.settings.rewrite;
  const backend = backendFor(arrival);
  if (rewrite === undefined || backend === undefined) return undefined;
  const found = rewrite.pattern.exec(path.path);
  if (found === "too-complex") return tooComplex(route);
  if (found === null) return undefined;
  if (/^https?:\/\//.test(rewrite.target)) return redirectByRewrite(arrival, rewrite.target, found);
  const uri = fill(rewrite.target, found, asIs);
  const status = uri === "" ? 500 : uri.startsWith("/") ? undefined : 400;
  if (status !== undefined) {
    const why = `rewrite-target "${rewrite.target}" makes "${uri}" of this path, which is no path`;
    return { kind: "respond", status, route, why: [why, ...route.why] };
  }
  const query = path.query === "" ? "" : `?${path.query}`;
  return {
    kind: "forward",
    route,
    backend,
    upstreamPath: escapeUri(uri) + query,
    captures: found,
    why: route.why,
  };
}

/** A rewrite to a URL is a 302 to it, with the query put behind it (ngx_http_script_regex_end_code). */
function redirectByRewrite({ route, path }: Arrival, target: string, found: RegExpExecArray): Decision {
  const encode = path.quoted ? escapeCapture : asIs;
  const query = path.query === "" ? "" : `?${path.query}`;
  const location = fill(target, found, encode) + query;
  const why = ["rewrite-target is a URL, so nginx redirects to it instead of forwarding", ...route.why];
  return { kind: "redirect", status: 302, location, route, why };
}

function asIs(capture: string): string {
  return capture;
}

/** nginx escapes a capture and then takes printable characters above `%` back (NGX_UNESCAPE_REDIRECT). */
function escapeCapture(capture: string): string {
  return escapeArgs(capture).replace(/%(2[6-9A-F]|[3-6][0-9A-F]|7[0-9A-E])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Puts captures for `$1` to `$9`; a group that took no part is empty. */
function fill(target: string, found: RegExpExecArray, encode: (capture: string) => string): string {
  return target.replace(/\$(\d)/g, (_, group: string) => encode(found[Number(group)] ?? ""));
}

function tooComplex(route: Route): Decision {
  const why =
    "the path's regular expression backtracks too much on this request; nginx gives up with 500 as well";
  return { kind: "respond", status: 500, route, why: [why, ...route.why] };
}
