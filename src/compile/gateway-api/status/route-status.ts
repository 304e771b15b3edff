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

/** A route's status, by its parents. `overlapping`: routes with an equal match on a host, `HTTPRoute default/r`, sorted */
export function routeStatus(
  translated: TranslatedRoute,
  parents: readonly Parent[],
  overlapping: readonly string[],
): ObjectStatus {
  if (parents.length === 0) return statusOf(translated.route, {});
  return statusOf(translated.route, {
    parents: parents.map(
      (parent): JsonObject => ({
        parentRef: parent.ref,
        controllerName: CONTROLLER_NAME,
        conditions: parentConditions(translated, parent, overlapping),
      }),
    ),
  });
}

export function parentConditions(
  { route, rules, dropped, faults }: TranslatedRoute,
  parent: Parent,
  overlapping: readonly string[],
): readonly StatusCondition[] {
  // The stream routes' messages are as they are.
  const worded = isStreamRoute(route.kind) ? (message: string) => message : asSentence;
  const written =
    rules.length + dropped.filter((index) => !rules.some((rule) => rule.index === index)).length;
  const conditions: StatusCondition[] = [];
  if (faults.accepted.length > 0 && dropped.length === written)
    conditions.push(faultsTogether("Accepted", faults.accepted, worded));
  else {
    conditions.push(attachment(route.kind, parent));
    const [first] = faults.accepted;
    if (first !== undefined) {
      const messages = faults.accepted.map(({ message }) => worded(message)).join("\n");
      const message = `Dropped Rule(s) [${dropped.join(" ")}]: ${messages}`;
      conditions.push(condition("PartiallyInvalid", "True", first.reason, message));
    }
  }
  conditions.push(
    faults.resolved.length === 0 ? RESOLVED : faultsTogether("ResolvedRefs", faults.resolved, worded),
  );
  if (faults.available.length > 0)
    conditions.push(faultsTogether("BackendsAvailable", faults.available, worded));
  if (overlapping.length > 0 && parent.admitted.length > 0) {
    const message = `Overlapping match conditions with route(s): ${overlapping.join(", ")}`;
    conditions.push(condition("RouteRulesOverlap", "True", "RouteRulesOverlap", message));
  }
  return byType(conditions);
}

function attachment(kind: string, { selected, admitted, attached }: Parent): StatusCondition {
  if (selected.length === 0)
    return condition("Accepted", "False", "NoMatchingParent", "No listeners match this parent ref");
  if (admitted.length === 0) {
    const message = "No listeners included by this parent ref allowed this attachment.";
    return condition("Accepted", "False", "NotAllowedByListeners", message);
  }
  if (attached.length > 0) return ACCEPTED;
  const message = `There were no hostname intersections between the ${kind} and this parent ref's Listener(s).`;
  return condition("Accepted", "False", "NoMatchingListenerHostname", message);
}
