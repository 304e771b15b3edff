import { type Reason, reason } from "../../model/reason.ts";
import type { Condition } from "../../model/route/selection.ts";
import { conditionHolds } from "../../select/condition.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** `rbac` of Envoy: the first rule for the request counts. */
export interface EnvoyAccessStep {
  readonly kind: "envoy-access";
  readonly rules: readonly AccessRule[];
  readonly otherwise: "in" | "out";
  readonly why: Reason;
}

export interface AccessRule {
  /** All hold. */
  readonly when: readonly Condition[];
  readonly lets: "in" | "out";
}

export function judgeAccess({ request, route, path }: Arrival, step: EnvoyAccessStep): Change | undefined {
  const { rules, otherwise, why } = step;
  const lookup = { request, name: "", path };
  const rule = rules.find(({ when }) => when.every((each) => conditionHolds(each, lookup, "some")));
  if ((rule?.lets ?? otherwise) === "in") return undefined;
  const because = [reason("address-denied", `${request.remoteAddress} is not let in`), why, ...route.why];
  return { decision: { kind: "respond", status: 403, text: "RBAC: access denied", route, why: because } };
}
