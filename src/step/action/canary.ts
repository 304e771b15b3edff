import type { RequestFacts } from "../../model/decision.ts";
import type { Share, ShareRule } from "../../model/route/action.ts";
import type { BackendProtocol } from "../../model/route/transport.ts";
import type { Backend } from "../../model/route.ts";
import { fromPairs } from "../../request/variables/readers.ts";
import { sessionKeys } from "./session.ts";
import { shareByWeight, sumOfWeights } from "./weight.ts";

export interface CanaryVerdict {
  readonly taken: boolean;
  readonly why: string;
}

interface Choosing {
  readonly main: Share;
  readonly canary: Share;
  readonly choose: ShareRule;
  /** The share whose turn it is. default: chance decides */
  readonly inTurn?: (() => Share | undefined) | undefined;
}

/** In the order of balancer.lua, route_to_alternative_balancer: sessions, header, cookie, weight. */
export function canaryVerdict(
  { main, canary, choose, inTurn }: Choosing,
  request: RequestFacts,
  protocol: BackendProtocol,
): CanaryVerdict {
  const no = (why: string): CanaryVerdict => ({ taken: false, why });
  if (choose.first !== "drawn" && request.noEndpoints(main.backend, protocol) !== undefined)
    return no("the Service of the path itself has no endpoints, and then nobody is asked");
  if (hasSession(main.backend, request))
    return no("the session cookie keeps the request where it was before");
  if (request.noEndpoints(canary.backend, protocol) !== undefined) return no("its Service has no endpoints");
  if (hasSession(canary.backend, request))
    return { taken: true, why: "the session cookie keeps the request at the canary" };
  return byHeader(choose, request) ?? byCookie(choose, request) ?? byWeight([main, canary], request, inTurn);
}

function hasSession({ balancing }: Backend, request: RequestFacts): boolean {
  const { affinity } = balancing ?? {};
  return affinity !== undefined && sessionKeys(affinity, request).backendKey === affinity.backendKey;
}

function byHeader(rule: ShareRule, request: RequestFacts): CanaryVerdict | undefined {
  const { header, value, pattern } = rule;
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

function byCookie({ cookie }: ShareRule, request: RequestFacts): CanaryVerdict | undefined {
  if (cookie === "") return undefined;
  const sent = fromPairs(request.header("cookie") ?? "", /;\s*/, cookie);
  return alwaysOrNever(sent, `canary-by-cookie: "${cookie}=${sent}"`);
}

function alwaysOrNever(sent: string, why: string): CanaryVerdict | undefined {
  return sent === "always" || sent === "never" ? { taken: sent === "always", why } : undefined;
}

function byWeight(
  shares: readonly [Share, Share],
  { chance }: RequestFacts,
  inTurn: Choosing["inTurn"],
): CanaryVerdict {
  const [, canary] = shares;
  const taken = (inTurn?.() ?? shareByWeight(shares, chance)) === canary;
  if (canary.weight <= 0)
    return {
      taken,
      why: "no header or cookie of the request asks for it, and canary-weight gives it no share",
    };
  const which = taken ? "one of them" : "none of them";
  return {
    taken,
    why: `canary-weight gives it ${canary.weight} of ${sumOfWeights(shares)} requests by ${inTurn === undefined ? "chance" : "turns"}, and this is ${which}`,
  };
}
