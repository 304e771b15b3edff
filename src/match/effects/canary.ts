import type { Alternative, CanaryRules } from "../../model/balancing.ts";
import type { RequestFacts } from "../../model/decision.ts";
import type { Backend } from "../../model/route.ts";
import type { BackendProtocol } from "../../model/transport.ts";
import { fromPairs } from "../../request/variables/readers.ts";
import { sessionKeys } from "./session.ts";

/** Whether a canary gets a request, and why. */
export interface CanaryVerdict {
  readonly taken: boolean;
  readonly why: string;
}

/** In the order of balancer.lua, route_to_alternative_balancer: sessions, header, cookie, weight. */
export function canaryVerdict(
  primary: Backend,
  alternative: Alternative,
  request: RequestFacts,
  protocol: BackendProtocol,
): CanaryVerdict {
  const no = (why: string): CanaryVerdict => ({ taken: false, why });
  if (request.noEndpoints(primary, protocol) !== undefined)
    return no("the Service of the path itself has no endpoints, and then nobody is asked");
  if (hasSession(primary, request)) return no("the session cookie keeps the request where it was before");
  if (request.noEndpoints(alternative.backend, protocol) !== undefined)
    return no("its Service has no endpoints");
  if (hasSession(alternative.backend, request))
    return { taken: true, why: "the session cookie keeps the request at the canary" };
  const { rules } = alternative;
  return byHeader(rules, request) ?? byCookie(rules, request) ?? byWeight(rules, request);
}

function hasSession({ balancing }: Backend, request: RequestFacts): boolean {
  const { affinity } = balancing ?? {};
  return affinity !== undefined && sessionKeys(affinity, request).backendKey === affinity.backendKey;
}

function byHeader(rules: CanaryRules, request: RequestFacts): CanaryVerdict | undefined {
  const { header, value, pattern } = rules;
  const sent = header === "" ? undefined : request.header(header.toLowerCase().replaceAll("_", "-"));
  if (sent === undefined) return undefined;
  const shown = `${header}: ${sent}`;
  if (value !== "")
    return sent === value ? { taken: true, why: `canary-by-header-value: "${shown}"` } : undefined;
  if (pattern === "broken")
    return { taken: false, why: "canary-by-header-pattern is no expression that can be run" };
  if (pattern !== undefined) {
    const found = pattern.exec(sent);
    if (found === "too-complex")
      return { taken: false, why: "canary-by-header-pattern backtracks too much on this header" };
    return found === null
      ? undefined
      : { taken: true, why: `canary-by-header-pattern ${pattern.source} matches "${shown}"` };
  }
  return alwaysOrNever(sent, `canary-by-header: "${shown}"`);
}

function byCookie({ cookie }: CanaryRules, request: RequestFacts): CanaryVerdict | undefined {
  if (cookie === "") return undefined;
  const sent = fromPairs(request.header("cookie") ?? "", /;\s*/, cookie);
  return alwaysOrNever(sent, `canary-by-cookie: "${cookie}=${sent}"`);
}

function alwaysOrNever(sent: string, why: string): CanaryVerdict | undefined {
  return sent === "always" || sent === "never" ? { taken: sent === "always", why } : undefined;
}

/** `math.random(total) <= weight`; a total below 100 counts as 100. */
function byWeight({ weight, weightTotal }: CanaryRules, { chance }: RequestFacts): CanaryVerdict {
  const total = Math.max(100, weightTotal);
  const taken = Math.floor(chance * total) + 1 <= weight;
  if (weight <= 0)
    return {
      taken,
      why: "no header or cookie of the request asks for it, and canary-weight gives it no share",
    };
  return {
    taken,
    why: `canary-weight gives it ${weight} of ${total} requests by chance, ${taken ? "and this is one of them" : "and this is none of them"}`,
  };
}
