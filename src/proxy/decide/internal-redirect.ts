import type { ForwardDecision, HeaderLine, RequestFacts } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { FollowedRedirects } from "../../model/route/transport.ts";
import { carry } from "../carry/carry.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Deciding } from "./deciding.ts";
import { planRequest } from "./plan.ts";

/** An answer with a redirect. */
export interface RedirectingAnswer {
  readonly status: number;
  readonly location: string | undefined;
}

const ABSOLUTE = /^(https?):\/\/([^/?#]+)([^#]*)/i;

/**
 * A redirect that Envoy follows itself (source/common/router/router.cc, setupRedirect): the request begins anew with the
 * Location's host and path, behind all filters. `undefined`: the client gets the answer
 */
export function followedRedirect(
  context: Deciding,
  exchange: Exchange,
  from: ForwardDecision,
  { status, location = "" }: RedirectingAnswer,
): (() => void) | undefined {
  const { redirects } = from.route.transport;
  const { facts, inner } = exchange;
  if (redirects?.statuses.has(status) !== true || facts === undefined) return undefined;
  const times = inner?.times ?? 0;
  const [, scheme = "", authority = "", rest = ""] = ABSOLUTE.exec(location) ?? [];
  if (times >= redirects.most || !isAllowed(redirects, facts.scheme, scheme.toLowerCase())) return undefined;
  const target = rest.startsWith("/") ? rest : `/${rest}`;
  const isGet = facts.method === "GET" || facts.method === "HEAD";
  const method = status === 303 && !isGet ? "GET" : facts.method;
  const anew: RequestFacts = { ...facts, host: authority, authority, target, method };
  if (!hasRoute(context, anew)) return undefined;
  const { backend, upstreamPath, requestHeaders = [] } = from;
  const host = requestHeaders.find(([name]) => name.toLowerCase() === "host")?.[1];
  const original = `${facts.scheme}://${host ?? facts.authority ?? facts.host}${upstreamPath}`;
  const before: readonly HeaderLine[] = [
    ...requestHeaders.filter(([name]) => !/^(?:host|x-envoy-original-url)$/i.test(name)),
    ["x-envoy-original-url", original],
  ];
  const text = `the Service ${backend.namespace}/${backend.service} answered ${status} with Location ${location}, and internalRedirectPolicy follows it`;
  const why = reason("internal-redirect", text);
  return () => {
    exchange.redirectedInside({ times: times + 1, carried: [], counted: false });
    if (method !== facts.method) exchange.dropBody();
    planRequest(context, { kind: "admitted", exchange, facts: anew }, (plan) => {
      if (plan.kind === "answer") {
        const answer = { ...plan.answer, why: [why, ...plan.answer.why] };
        exchange.answeredBecause(answer.why);
        context.answer(exchange, answer);
        return;
      }
      const { decision } = plan;
      const added = decision.requestHeaders ?? [];
      const names = new Set(added.map(([name]) => name.toLowerCase()));
      const kept = before.filter(([name]) => !names.has(name.toLowerCase()));
      const sent = {
        ...decision,
        why: [why, ...decision.why],
        requestHeaders: [...kept, ...added],
        method: method === facts.method ? decision.method : ("GET" as const),
      };
      exchange.decided(sent);
      carry(context, exchange, sent, plan.upstream);
    });
  };
}

function isAllowed({ schemes }: FollowedRedirects, from: string, to: string): boolean {
  if (to === "") return false;
  return from === to || schemes === "both" || (schemes === "down" && from === "https");
}

const MISSES: ReadonlySet<string> = new Set(["no-rule-for-host", "no-rule-for-path", "misdirected"]);

/** A redirect to where no route leads is the client's. */
function hasRoute({ decide }: Deciding, facts: RequestFacts): boolean {
  const { kind, why } = decide({ ...facts, nextShare: undefined });
  return kind !== "respond" || !why.some(({ code }) => MISSES.has(code));
}
