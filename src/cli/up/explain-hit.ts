import { type Explanation, explain } from "../../match/explain.ts";
import type { Decision, Ports, Rejection, RequestFacts } from "../../model/decision.ts";
import type { HitEvent } from "../../model/event.ts";
import { reason, textsOf } from "../../model/reason.ts";
import type { RouteTable } from "../../model/route.ts";
import { headersSet } from "../explain/headers-set.ts";
import { explainText } from "../explain/print-explain.ts";
import type { Settings } from "../options.ts";

/**
 * Why a request that came in was answered as it was: what Enter shows in the dashboard. The present table is asked, so a
 * hit from before a reload says what would become of it now; what the proxy found out then (`503`, `502`) comes first.
 */
export function explainHit(
  hit: HitEvent,
  table: RouteTable,
  ports: Ports,
  { exact, clientAddress }: Pick<Settings, "exact" | "clientAddress">,
  noEndpoints: RequestFacts["noEndpoints"],
): readonly string[] {
  const { scheme, method, host, path } = hit;
  const facts: RequestFacts = {
    ...{ scheme, method, host, target: path, ports, exact, noEndpoints },
    // A hit does not keep the headers of its request, nor the draw of its lot.
    header: () => undefined,
    remoteAddress: clientAddress ?? "127.0.0.1",
    chance: 0.999_999,
  };
  const { decision, rejected, production } = answeredHere(asItWas(explain(table, facts), hit), hit);
  const now = textsOf(decision.why);
  const atTheTime = textsOf(hit.why).filter((text) => !now.includes(text));
  const answer = { facts, decision, rejected, production, upstream: hit.upstream };
  return [...atTheTime, ...explainText(answer, headersSet(table.plane, facts, [], decision))];
}

/** Whether a canary got the request hung on what is gone, but the hit says who did, and why. */
function asItWas(explained: Explanation, hit: HitEvent): Explanation {
  const { decision, rejected } = explained;
  const alternative = decision.route?.backend?.balancing?.alternative;
  if (decision.kind !== "forward" || alternative === undefined || hit.route !== decision.route.id)
    return explained;
  const { route } = decision;
  const [now, ...others] = rejected;
  const isCanary = hit.backend?.service === alternative.backend.service;
  const backend = isCanary ? alternative.backend : (route.backend ?? decision.backend);
  const then: Decision = { ...decision, backend, why: hit.why };
  const why = hit.why.find(({ code }) => code === "canary") ?? now?.why ?? reason("canary", "");
  const other: Rejection = isCanary
    ? {
        ingress: `${route.ingress?.namespace}/${route.ingress?.name}`,
        rule: route.rule ?? alternative.rule,
        why,
      }
    : { ingress: alternative.ingress, rule: alternative.rule, why };
  return { ...explained, decision: then, rejected: [other, ...others] };
}

/** A guard, a limit or the lack of an endpoint ended the request before it was forwarded. */
function answeredHere(explained: Explanation, hit: HitEvent): Explanation {
  const { decision } = explained;
  if (decision.kind !== "forward" || hit.decision === "forward" || hit.route !== decision.route.id)
    return explained;
  const { route, guards } = decision;
  const { status, location, why } = hit;
  const answer = { status, route, guards, why };
  const then: Decision =
    location === undefined ? { kind: "respond", ...answer } : { kind: "redirect", location, ...answer };
  return { ...explained, decision: then };
}
