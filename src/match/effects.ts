import type { Decision, HeaderLine } from "../model/decision.ts";
import { annotatedRedirect } from "./effects/annotated-redirect.ts";
import type { Arrival, Effect } from "./effects/arrival.ts";
import { denied } from "./effects/denied.ts";
import { forwarded, noBackend } from "./effects/forwarded.ts";
import { headersForBackend, headersForClient } from "./effects/header-lines.ts";
import { redirectToHttps } from "./effects/redirect-to-https.ts";
import { rewritten } from "./effects/rewritten.ts";

/**
 * What happens to a request that has found its location, in the order in which ingress-nginx lets it happen. The first
 * that decides ends it.
 *
 * `app-root` comes before all of these, and before the location: see `match`.
 */
const ORDER_OF_EFFECT: readonly Effect[] = [
  denied,
  annotatedRedirect,
  redirectToHttps,
  noBackend,
  rewritten,
  forwarded,
];

/** What a location says that its responses carry, whoever makes them. */
const RESPONSE_HEADERS: readonly ((arrival: Arrival) => readonly HeaderLine[] | undefined)[] = [
  headersForClient,
];

/** What a location says that its requests to the backend carry. */
const REQUEST_HEADERS: readonly ((arrival: Arrival) => readonly HeaderLine[] | undefined)[] = [
  headersForBackend,
];

/** The decision of the first effect that has one, with the headers that go with it. */
export function decide(arrival: Arrival): Decision {
  for (const effect of ORDER_OF_EFFECT) {
    const decision = effect(arrival);
    if (decision !== undefined) return withHeaders(decision, arrival);
  }
  throw new Error("the last effect always decides");
}

function withHeaders(decision: Decision, arrival: Arrival): Decision {
  const responseHeaders = gather(RESPONSE_HEADERS, arrival);
  const dressed =
    responseHeaders === undefined
      ? decision
      : { ...decision, responseHeaders: [...responseHeaders, ...(decision.responseHeaders ?? [])] };
  if (dressed.kind !== "forward") return dressed;
  const { captures } = dressed;
  const requestHeaders = gather(REQUEST_HEADERS, captures === undefined ? arrival : { ...arrival, captures });
  return requestHeaders === undefined ? dressed : { ...dressed, requestHeaders };
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
