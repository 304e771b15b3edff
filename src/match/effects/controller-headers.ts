import type { OriginalHeaders } from "../../model/controller.ts";
import type { HeaderLine, RequestFacts } from "../../model/decision.ts";
import type { RouteTable } from "../../model/route.ts";
import { fillHeaders } from "../../request/fill-headers.ts";
import { NO_PATH, normalisePath } from "../../request/path.ts";
import type { VariableFacts } from "../../request/variables/readers.ts";
import type { Arrival } from "./arrival.ts";

/**
 * Headers that the controller's options put on every response of a location: `add-headers`, `hide-headers`,
 * `server-tokens`, and `Strict-Transport-Security`, which is left out unless `--exact`: it would pin a browser to https
 * for a year.
 */
export function controllerResponseHeaders(
  arrival: Pick<Arrival, "table" | "request" | "path" | "route">,
): readonly HeaderLine[] | undefined {
  const { hsts, everywhere } = arrival.table.options;
  const { request } = arrival;
  const isPinned = hsts !== undefined && request.exact && request.scheme === "https";
  if (!isPinned) return everywhere && fillHeaders(everywhere, arrival);
  const pinned: HeaderLine = ["Strict-Transport-Security", hsts];
  return everywhere === undefined ? [pinned] : [pinned, ...fillHeaders(everywhere, arrival)];
}

/** The same for a response that no location makes: what nginx.tmpl sets outside of servers. */
export function headersOutsideOfLocations(
  { options }: RouteTable,
  request: RequestFacts,
): readonly HeaderLine[] | undefined {
  const path = normalisePath(request.target) ?? NO_PATH;
  return options.everywhere && fillHeaders(options.everywhere, { request, path, route: NO_ROUTE });
}

/** Variables that a location sets are empty where there is none (nginx.tmpl, `set $namespace …`). */
const NO_ROUTE: VariableFacts["route"] = {};

/**
 * Headers by which a believed client describes itself, in place of what is known of the connection; and no
 * `X-Request-ID` where none was sent and none is to be made (`generate-request-id`).
 */
export function believedHeaders({ table, request }: Arrival): readonly HeaderLine[] | undefined {
  const { forwarded, originals, client } = table.options;
  const isWithoutId = client.requestId === "as-sent" && (request.header("x-request-id") ?? "") === "";
  if (forwarded === undefined && originals === undefined && !isWithoutId) return undefined;
  return [
    ...(isWithoutId ? [["X-Request-ID", ""] as const] : []),
    ...(forwarded === undefined ? [] : believedLines({ table, request })),
    ...(originals === undefined ? [] : originalLines(request, originals)),
  ];
}

/** `proxy-set-headers`, on every request to a backend: behind the template's own, and beside them (nginx.tmpl). */
export function setBehind(arrival: Arrival): readonly HeaderLine[] | undefined {
  const { requestHeaders } = arrival.table.options;
  return requestHeaders && fillHeaders(requestHeaders, arrival);
}

/** The client's own words on its way, under the names of the ConfigMap; an empty one takes the usual away. */
function originalLines(request: RequestFacts, { for: of, host }: OriginalHeaders): readonly HeaderLine[] {
  return [
    ["X-Original-Forwarded-For", request.header(of) ?? ""],
    ["X-Original-Forwarded-Host", request.header(host) ?? ""],
  ];
}

/** nginx.tmpl, the headers from X-Real-IP to X-Scheme. */
function believedLines(at: Pick<Arrival, "table" | "request">): readonly HeaderLine[] {
  const { remoteAddress, claims } = at.request;
  const lines: HeaderLine[] = [
    ["X-Real-IP", remoteAddress],
    ["X-Forwarded-For", forwardedFor(at)],
  ];
  if (claims?.host !== undefined) lines.push(["Host", claims.host], ["X-Forwarded-Host", claims.host]);
  if (claims?.port !== undefined) lines.push(["X-Forwarded-Port", claims.port]);
  if (claims?.scheme !== undefined)
    for (const name of ["X-Forwarded-Proto", "X-Forwarded-Scheme", "X-Scheme"])
      lines.push([name, claims.scheme]);
  return lines;
}

/** `X-Forwarded-For`: the client's address, or with `compute-full-forwarded-for` the whole way (nginx.tmpl). */
export function forwardedFor({ table, request }: Pick<Arrival, "table" | "request">): string {
  const { remoteAddress, connectedFrom } = request;
  if (table.options.forwarded?.chain !== "whole" || connectedFrom === undefined) return remoteAddress;
  const chain = request.header("x-forwarded-for");
  return chain === undefined || chain === "" ? connectedFrom : `${chain}, ${connectedFrom}`;
}
