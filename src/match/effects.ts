import type { Decision, HeaderLine } from "../model/decision.ts";
import { annotatedRedirect } from "./effects/annotated-redirect.ts";
import type { Arrival } from "./effects/arrival.ts";
import { clientCertificate } from "./effects/client-certificate.ts";
import { believedHeaders, controllerResponseHeaders, setBehind } from "./effects/controller-headers.ts";
import { corsHeaders, corsPreflight } from "./effects/cors.ts";
import { denied } from "./effects/denied.ts";
import { fastCgiParams } from "./effects/fastcgi.ts";
import { forwarded, noBackend, withoutEndpoints } from "./effects/forwarded.ts";
import { guardsOf, withoutPassword } from "./effects/guards.ts";
import { headersForBackend, headersForClient, headersForDefaultBackend } from "./effects/header-lines.ts";
import { mirrored } from "./effects/mirrored.ts";
import { redirectToHttps } from "./effects/redirect-to-https.ts";
import { responseRewrites } from "./effects/response-rewrites.ts";
import { forwardedRewritten, rewrittenAway } from "./effects/rewritten.ts";
import { sharedOut } from "./effects/share-out.ts";
import { errorPage } from "./error-page.ts";

/*
 * What happens to a request that has found its location, in the order in which ingress-nginx lets it happen: the phases
 * of nginx one after the other. The first effect that decides ends it. What nginx asks in its preaccess and access
 * phases (limits, addresses, passwords, an authentication service) comes between the two: see `guardsOf`. Every plain
 * request passes all of them, so they are written one after the other and not looped over.
 *
 * `app-root` comes before all of these, and before the location: see `match`.
 */

/** nginx's rewrite phase: nobody is counted, or asked for a password, who is sent away here. */
function beforeGuards(arrival: Arrival): Decision | undefined {
  return (
    denied(arrival) ??
    corsPreflight(arrival) ??
    annotatedRedirect(arrival) ??
    rewrittenAway(arrival) ??
    redirectToHttps(arrival) ??
    withoutEndpoints(arrival)
  );
}

/** nginx's content phase: what is left for those who may come in. */
function behindGuards(arrival: Arrival): Decision | undefined {
  return noBackend(arrival) ?? forwardedRewritten(arrival) ?? forwarded(arrival);
}

/** What a location says that its responses carry, whoever makes them. */
const RESPONSE_HEADERS: readonly ((arrival: Arrival) => readonly HeaderLine[] | undefined)[] = [
  controllerResponseHeaders,
  headersForClient,
  corsHeaders,
];

/** Headers of all responses of a location, those too that it does not make by its directives. */
export function headersOfLocation(
  at: Pick<Arrival, "table" | "request" | "path" | "route">,
): readonly HeaderLine[] | undefined {
  const [first, second] = [controllerResponseHeaders(at), headersForClient(at)];
  return first === undefined || second === undefined ? (first ?? second) : lastOfEach([...first, ...second]);
}

/** What a location says that its requests to the backend carry. */
const REQUEST_HEADERS: readonly ((arrival: Arrival) => readonly HeaderLine[] | undefined)[] = [
  believedHeaders,
  clientCertificate,
  headersForBackend,
  headersForDefaultBackend,
  withoutPassword,
];

/** The decision of the first effect that has one, with the headers and the guards that go with it. */
export function decide(arrival: Arrival): Decision {
  const early = beforeGuards(arrival);
  if (early !== undefined) return pageFor(early, arrival) ?? withHeaders(early, arrival);
  const content = behindGuards(arrival);
  if (content === undefined) throw new Error("the last effect always decides");
  const decision = sharedOut(content, arrival);
  const guards = guardsOf(arrival);
  if (guards === undefined) return pageFor(decision, arrival) ?? withHeaders(decision, arrival);
  return withHeaders({ ...decision, guards }, arrival);
}

/** What answers in place of an error: it comes without what the location sets on its own answers. */
function pageFor(decision: Decision, { route, request }: Arrival): Decision | undefined {
  if (route.settings.errors === undefined || decision.kind !== "respond") return undefined;
  return errorPage(route, request, decision.status, "location", decision.why);
}

function withHeaders(decision: Decision, arrival: Arrival): Decision {
  const responseHeaders = lastOfEach(gather(RESPONSE_HEADERS, arrival));
  const dressed =
    responseHeaders === undefined
      ? decision
      : { ...decision, responseHeaders: [...responseHeaders, ...(decision.responseHeaders ?? [])] };
  if (dressed.kind !== "forward") return dressed;
  const requestHeaders = gather(REQUEST_HEADERS, arrival);
  const rewrites = responseRewrites(arrival);
  const mirror = mirrored(arrival);
  const params = fastCgiParams(arrival);
  const behind = setBehind(arrival);
  const rest = mirror === undefined && params === undefined && behind === undefined;
  const { backendServer } = arrival.table.options;
  const isPlain = rest && requestHeaders === undefined && rewrites === undefined;
  if (isPlain && backendServer === undefined) return dressed;
  const besides = behind && { behind };
  return { ...dressed, requestHeaders, besides, responseRewrites: rewrites, backendServer, mirror, params };
}

/** Of several lines with one name the last counts (ngx_http_headers_more_headers_out.c). */
function lastOfEach(lines: readonly HeaderLine[] | undefined): readonly HeaderLine[] | undefined {
  if (lines === undefined || lines.length < 2) return lines;
  const last = new Map(lines.map((line) => [line[0].toLowerCase(), line]));
  return last.size === lines.length
    ? lines
    : lines.filter((line) => last.get(line[0].toLowerCase()) === line);
}

/** All the headers that some list has for a request; `undefined`, and nothing made, where it has none. */
function gather(
  sources: readonly ((arrival: Arrival) => readonly HeaderLine[] | undefined)[],
  arrival: Arrival,
): readonly HeaderLine[] | undefined {
  let gathered: readonly HeaderLine[] | undefined;
  for (const source of sources) {
    const lines = source(arrival);
    if (lines !== undefined) gathered = gathered === undefined ? lines : [...gathered, ...lines];
  }
  return gathered;
}
