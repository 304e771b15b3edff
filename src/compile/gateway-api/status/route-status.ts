import type { JsonObject } from "../../../model/json.ts";
import type { ObjectStatus } from "../../../model/object-status.ts";
import type { Parent } from "../attachment.ts";
import { CONTROLLER_NAME } from "../facts.ts";
import { isStreamRoute, type TranslatedRoute } from "../rules.ts";
import { asSentence, byType, condition, faultsTogether, type StatusCondition } from "./condition.ts";
import { statusOf } from "./status-of.ts";

const ACCEPTED = condition("Accepted", "True", "Accepted", "Route is accepted");
const RESOLVED = condition(
  "ResolvedRefs",
  "True",
  "ResolvedRefs",
  "Resolved all the Object references for the Route",
);

/** A route's status, by its parents. `overlapping`: routes with an equal match, `HTTPRoute default/r`, sorted */
export function routeStatus(
  translated: TranslatedRoute,
  parents: readonly Parent[],
  overlapping: (parent: Parent) => readonly string[],
): ObjectStatus {
  if (parents.length === 0) return statusOf(translated.route, {});
  return statusOf(translated.route, {
    parents: parents.map(
      (parent): JsonObject => ({
        parentRef: parent.ref,
        controllerName: CONTROLLER_NAME,
        conditions: parentConditions(translated, parent, overlapping(parent)),
      }),
    ),
  });
}

function parentConditions(
  { route, rules, dropped, faults }: TranslatedRoute,
  parent: Parent,
  overlapping: readonly string[],
): readonly StatusCondition[] {
  const isStream = isStreamRoute(route.kind);
  // Routes of connections say that a backend has no endpoints among the others.
  const unresolved = isStream ? [...faults.resolved, ...faults.available] : faults.resolved;
  // The only message of such a route is as it is.
  const worded = isStream && unresolved.length === 1 ? (message: string) => message : asSentence;
  const written =
    rules.length + dropped.filter((index) => !rules.some((rule) => rule.index === index)).length;
  const conditions: StatusCondition[] = [];
  const refused = faultsTogether("Accepted", faults.accepted);
  const isDropped = dropped.length === written;
  const attached = attachment(route.kind, parent);
  // Dropped rules replace the listeners' word, but for a missing host, which no GRPCRoute with dropped rules is asked for.
  const isHostless = attached.reason === NO_HOST && !(isDropped && route.kind === "GRPCRoute");
  if (faults.accepted.length === 0 || isHostless) conditions.push(attached);
  else conditions.push(isDropped ? refused : ACCEPTED);
  if (faults.accepted.length > 0 && !isDropped) {
    const message = `Dropped Rule(s) [${dropped.join(" ")}]: ${refused.message}`;
    conditions.push(condition("PartiallyInvalid", "True", refused.reason, message));
  }
  conditions.push(unresolved.length === 0 ? RESOLVED : faultsTogether("ResolvedRefs", unresolved, worded));
  if (faults.available.length > 0 && !isStream)
    conditions.push(faultsTogether("BackendsAvailable", faults.available));
  if (overlapping.length > 0) {
    const message = `Overlapping match conditions with route(s): ${overlapping.join(", ")}`;
    conditions.push(condition("RouteRulesOverlap", "True", "RouteRulesOverlap", message));
  }
  return byType(conditions);
}

/** Whether the listeners of a parent have a route. */
export function attachment(kind: string, { selected, admitted, attached }: Parent): StatusCondition {
  if (selected.length === 0)
    return condition("Accepted", "False", "NoMatchingParent", "No listeners match this parent ref");
  if (admitted.length === 0) {
    const message = "No listeners included by this parent ref allowed this attachment.";
    return condition("Accepted", "False", "NotAllowedByListeners", message);
  }
  if (attached.length > 0) return ACCEPTED;
  const message = `There were no hostname intersections between the ${kind} and this parent ref's Listener(s).`;
  return condition("Accepted", "False", NO_HOST, message);
}

const NO_HOST = "NoMatchingListenerHostname";
