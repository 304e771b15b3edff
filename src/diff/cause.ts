import type { Outcome } from "../match/outcome.ts";
import type { RouteTable } from "../model/route.ts";
import { type Aspect, headersThatDiffer, leadingAspect, settingsThatDiffer } from "./aspects.ts";
import type { Behaviour } from "./behaviour.ts";
import { causeByRule } from "./cause-by-rule.ts";
import type { Cause, CauseCode } from "./difference.ts";
import { type GuardChange, guardsLost } from "./guard-change.ts";
import { ingressOf } from "./table-rules.ts";

/** One side's view of a request. */
export interface SideView {
  readonly table: RouteTable;
  readonly outcome: Outcome;
  readonly behaviour: Behaviour;
}

/** `aspects`: at least one. */
export function differenceCause(
  first: SideView,
  second: SideView,
  { aspects, guard }: { readonly aspects: readonly Aspect[]; readonly guard: GuardChange },
): Cause {
  const aspect = leadingAspect(aspects);
  const said =
    causeByRule(first, second) ?? causeByGuard(first, second, guard) ?? causeByAspect(first, second, aspect);
  const isByRule = said.key !== undefined;
  return {
    ...said,
    key: isByRule
      ? `${said.code} ${said.key}`
      : `${said.code} ${placesOf(first, second)} ${said.detail ?? ""}`,
  };
}

/** A cause that stands at two Ingresses, and is the same for all of their rules. */
type Said = Omit<Cause, "key"> & { readonly key?: string | undefined };

function placesOf(first: SideView, second: SideView): string {
  return `${ingressOf(first.outcome.decision.route)} ${ingressOf(second.outcome.decision.route)}`;
}

const GUARDS: Readonly<Record<Exclude<GuardChange, "none">, CauseCode>> = {
  added: "guard-added",
  removed: "guard-removed",
  changed: "guard-changed",
};

function causeByGuard(
  { behaviour: a, outcome: from }: SideView,
  { behaviour: b, outcome: to }: SideView,
  guard: GuardChange,
): Said | undefined {
  if (guard === "none" || (a.service !== b.service && a.service !== undefined && b.service !== undefined))
    return undefined;
  const changed = [...guardsLost(a.guards, b.guards), ...guardsLost(b.guards, a.guards)];
  const [reason] = (guard === "removed" ? from : to).decision.why;
  return { code: GUARDS[guard], text: `guard ${guard}`, detail: changed.join("; ") || reason?.text };
}

function causeByAspect(first: SideView, second: SideView, aspect: Aspect): Said {
  const { behaviour: a } = first;
  const { behaviour: b, outcome: to } = second;
  switch (aspect) {
    case "kind":
    case "status":
      return byKind(a, b, to) ?? statusChanged(first, second);
    case "service":
      return { code: "service-changed", text: "Service changed", detail: `${a.service} → ${b.service}` };
    case "guards":
      return { code: "guard-changed", text: "guards changed" };
    case "path":
      return { code: "path-rewritten", text: "path rewritten differently" };
    case "location":
      return { code: "redirect-changed", text: "redirect changed" };
    case "canary":
      return { code: "canary-changed", text: "canary changed", detail: `${a.canary} → ${b.canary}` };
    case "response headers":
      return byHeaders(
        "response-headers",
        "response headers",
        headersThatDiffer(a.responseHeaders, b.responseHeaders),
      );
    case "request headers":
      return byHeaders(
        "request-headers",
        "request headers",
        headersThatDiffer(a.requestHeaders, b.requestHeaders),
      );
    case "certificate":
      return { code: "certificate", text: "certificate", detail: `${a.certificate} → ${b.certificate}` };
    case "settings": {
      const changes = settingsThatDiffer(a, b).map(
        (name) =>
          `${name} ${a.settings?.values.get(name) ?? "none"} → ${b.settings?.values.get(name) ?? "none"}`,
      );
      return { code: "settings", text: "settings", detail: changes.join("; ") };
    }
  }
}

/** The same headers of several Ingresses are one cause. */
function byHeaders(code: CauseCode, text: string, names: readonly string[]): Said {
  const detail = names.join(", ");
  return { code, text, detail, key: detail };
}

function byKind(a: Behaviour, b: Behaviour, { decision }: Outcome): Said | undefined {
  if (a.kind !== b.kind && b.kind === "redirect")
    return { code: "redirect-added", text: "redirect added", detail: decision.why[0]?.text };
  if (a.kind !== b.kind && a.kind === "redirect")
    return { code: "redirect-removed", text: "redirect removed" };
  if (a.kind === "redirect")
    return { code: "redirect-changed", text: "redirect changed", detail: `${a.status} → ${b.status}` };
  if (decision.why[0]?.code !== "no-endpoints") return undefined;
  return {
    code: "no-endpoints",
    text: `status ${b.status}: the Service has no endpoints`,
    detail: decision.why[0].text,
  };
}

function statusInWords(a: Behaviour, b: Behaviour): string {
  if (b.status === undefined) return `answered by a Service instead of with status ${a.status}`;
  return `status ${b.status} instead of ${a.status ?? "an answer of the Service"}`;
}

/** The reason may name the client's address, and is one for all of them. */
function statusChanged(first: SideView, second: SideView): Said {
  const [from, to] = [first.outcome.decision, second.outcome.decision];
  const [reason] = (to.kind === "forward" ? from : to).why;
  const text = statusInWords(first.behaviour, second.behaviour);
  const key = `${placesOf(first, second)} ${reason?.code}`;
  return { code: "status-changed", text, detail: reason?.text, key };
}
