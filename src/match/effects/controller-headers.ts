import type { HeaderLine, RequestFacts } from "../../model/decision.ts";
import { fillVariables } from "../variables.ts";
import type { Arrival } from "./arrival.ts";

/**
 * What the controller's options put on every response: `add-headers`, `hide-headers`, `server-tokens`, and
 * `Strict-Transport-Security`, which is left out unless `--exact`: it would pin a browser to https for a year.
 */
export function controllerResponseHeaders({ table, request }: Arrival): readonly HeaderLine[] | undefined {
  const { hsts, responseHeaders, hiddenHeaders, serverTokens } = table.options;
  const isPinned = hsts !== undefined && request.exact && request.scheme === "https";
  if (!isPinned && responseHeaders === undefined && hiddenHeaders === undefined && serverTokens === "off")
    return undefined;
  return [
    ...(hiddenHeaders ?? []).map((name): HeaderLine => [name, ""]),
    ...(serverTokens === "on" ? [["Server", NGINX] as const] : []),
    ...(isPinned ? [["Strict-Transport-Security", hsts] as const] : []),
    ...(responseHeaders ?? []),
  ];
}

/** The nginx of ingress-nginx v1.15.1, as it calls itself. */
const NGINX = "nginx/1.27.1";

/** What they put on every request to a backend: `proxy-set-headers`, and what a believed client says of itself. */
export function controllerRequestHeaders(arrival: Arrival): readonly HeaderLine[] | undefined {
  const { forwarded, requestHeaders } = arrival.table.options;
  if (forwarded === undefined && requestHeaders === undefined) return undefined;
  const set = (requestHeaders ?? []).map(([name, text]): HeaderLine => [name, fillVariables(text, arrival)]);
  return forwarded === undefined ? set : [...believedLines(arrival.request, forwarded), ...set];
}

/** nginx.tmpl, the headers from X-Real-IP to X-Scheme. */
function believedLines(
  request: RequestFacts,
  forwarded: NonNullable<Arrival["table"]["options"]["forwarded"]>,
): readonly HeaderLine[] {
  const { remoteAddress, claims } = request;
  const chain = request.header("x-forwarded-for");
  const whole = chain === undefined ? request.connectedFrom : `${chain}, ${request.connectedFrom}`;
  const lines: HeaderLine[] = [
    ["X-Real-IP", remoteAddress],
    ["X-Forwarded-For", forwarded.chain === "whole" ? (whole ?? remoteAddress) : remoteAddress],
  ];
  if (claims?.host !== undefined) lines.push(["Host", claims.host], ["X-Forwarded-Host", claims.host]);
  if (claims?.port !== undefined) lines.push(["X-Forwarded-Port", claims.port]);
  if (claims?.scheme !== undefined)
    for (const name of ["X-Forwarded-Proto", "X-Forwarded-Scheme", "X-Scheme"])
      lines.push([name, claims.scheme]);
  return lines;
}
