import type { Decision } from "../../model/decision.ts";
import type { Captures } from "../../model/pattern.ts";
import { reason } from "../../model/reason.ts";
import type { Route } from "../../model/route.ts";
import { escapeArgs, escapeUri } from "../../request/path.ts";
import { fillVariables, partOf } from "../../request/variables.ts";
import { type Arrival, backendFor } from "./arrival.ts";

/** What `rewrite-target` makes of a path. */
export type Rewritten =
  /** The path becomes this one, not yet escaped. */
  | { readonly kind: "path"; readonly path: string; readonly captures: Captures }
  /** A target that is a URL: a redirect to it. */
  | { readonly kind: "url"; readonly location: string }
  | { readonly kind: "too-complex" };

/**
 * `rewrite-target` (template.go buildProxyPass: `rewrite "(?i)<path>" <target> break`). `undefined`: the route has none,
 * or its expression does not match.
 */
export function rewrite(facts: Pick<Arrival, "request" | "path" | "route">): Rewritten | undefined {
  const { path, route } = facts;
  if (route.settings.rewrite === undefined) return undefined;
  const { pattern, target } = route.settings.rewrite;
  const found = pattern.exec(path.path);
  if (found === "too-complex") return { kind: "too-complex" };
  if (found === null) return undefined;
  const filled = { ...facts, captures: found };
  if (!/^(?:https?:\/\/|\$scheme)/.test(target.source))
    return { kind: "path", path: fillVariables(target, filled), captures: found };
  const location = target.parts
    .map((part) => {
      if (typeof part === "string") return part;
      const value = partOf(part, filled);
      return "capture" in part && path.quoted ? escapeArgs(value) : value;
    })
    .join("");
  // The query is put behind it (ngx_http_script_regex_end_code).
  const query = path.query === "" ? "" : `?${path.query}`;
  return { kind: "url", location: unescapeRedirect(location) + query };
}

const URL_TARGET = reason(
  "rewrite-target",
  "rewrite-target is a URL, so nginx redirects to it instead of forwarding",
);

/** What a rewrite itself decides: nginx rewrites before it redirects to https (the lua of a location comes last). */
export function rewrittenAway({ route, rewritten }: Arrival): Decision | undefined {
  if (rewritten?.kind === "too-complex") return tooComplex(route);
  if (rewritten?.kind === "path" && rewritten.path === "") return noPath(route, 500, "");
  if (rewritten?.kind !== "url") return undefined;
  const why = [URL_TARGET, ...route.why];
  return { kind: "redirect", status: 302, location: rewritten.location, route, why };
}

/** A rewritten path is escaped again and forwarded with the query as it came. */
export function forwardedRewritten(arrival: Arrival): Decision | undefined {
  const { route, path, rewritten } = arrival;
  const backend = backendFor(arrival);
  if (rewritten?.kind !== "path" || backend === undefined) return undefined;
  // nginx sends it as it is, and hardly a server there is that takes it for a request.
  if (!rewritten.path.startsWith("/")) return noPath(route, 400, rewritten.path);
  const query = path.query === "" ? "" : `?${path.query}`;
  return {
    kind: "forward",
    route,
    backend,
    upstreamPath: escapeUri(rewritten.path) + query,
    why: route.why,
  };
}

function noPath(route: Route, status: number, made: string): Decision {
  const why = `rewrite-target "${route.settings.rewrite?.target.source}" makes "${made}" of this path, which is no path`;
  return { kind: "respond", status, route, why: [reason("rewrite-target", why), ...route.why] };
}

/** nginx takes printable characters above `%` back, up to the first `?` (NGX_UNESCAPE_REDIRECT). */
function unescapeRedirect(text: string): string {
  const [before = "", ...behind] = text.split("?");
  const taken = before.replace(/%(2[6-9A-F]|[3-6][0-9A-F]|7[0-9A-E])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return [taken, ...behind].join("?");
}

function tooComplex(route: Route): Decision {
  const why =
    "the path's regular expression backtracks too much on this request; nginx gives up with 500 as well";
  return { kind: "respond", status: 500, route, why: [reason("regex-too-complex", why), ...route.why] };
}
