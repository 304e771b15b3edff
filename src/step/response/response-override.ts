import type { Decision, HeaderLine } from "../../model/decision.ts";
import { type Reason, reason } from "../../model/reason.ts";
import { type Route, routeWith } from "../../model/route.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** Answers in place of statuses, the backend's and Envoy's own (Envoy Gateway's `responseOverride`). */
export interface ResponseOverrideStep {
  readonly kind: "response-override";
  /** The first that covers a status counts. */
  readonly rules: readonly OverrideRule[];
  /** `the responseOverride of BackendTrafficPolicy default/p` */
  readonly named: string;
}

interface OverrideRule {
  readonly from: number;
  readonly to: number;
  /** default: the status stays */
  readonly status?: number | undefined;
  readonly text: string;
  readonly contentType?: string | undefined;
}

/** Looked up by `overriddenBy` once there is a status. */
export function overrideResponses(_: Arrival, __: ResponseOverrideStep): Change {
  return {};
}

export function overridingRule(
  { steps }: Pick<Route, "steps">,
  status: number,
): { readonly rule: OverrideRule; readonly named: string } | undefined {
  for (const step of steps) {
    if (step.kind !== "response-override") continue;
    const rule = step.rules.find(({ from, to }) => from <= status && status <= to);
    return rule && { rule, named: step.named };
  }
  return undefined;
}

/** The answer in place of a status; `undefined`: it stands */
export function overriddenBy(route: Route, status: number, because: readonly Reason[]): Decision | undefined {
  const found = overridingRule(route, status);
  if (found === undefined) return undefined;
  const { rule, named } = found;
  const headers: readonly HeaderLine[] =
    rule.contentType === undefined ? [] : [["content-type", rule.contentType]];
  return {
    kind: "respond",
    status: rule.status ?? status,
    text: rule.text,
    route: routeWith(route, { steps: [] }),
    responseHeaders: headers,
    why: [reason("error-page", `${named} replaces ${status}`), ...because],
  };
}
