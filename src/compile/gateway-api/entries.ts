import { jsonFields } from "../../model/json.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { CustomResource } from "../../model/resource.ts";
import type { RespondAction } from "../../model/route/action.ts";
import type { RouteMatch } from "../../model/route/selection.ts";
import type { PemPair } from "../../model/route/transport.ts";
import type { IngressRef, Route, RouteInWords, RouteRule } from "../../model/route.ts";
import type { Step } from "../../step/step.ts";
import { ingressName } from "../problem.ts";
import { placeOf, refOf } from "../route.ts";
import type { GatewayListener } from "./listeners.ts";
import type { GatewayObjects } from "./objects.ts";
import { hashSteps } from "./policies/hashing.ts";
import { brokenReferenceOf } from "./policies/policy-faults.ts";
import { securitySteps, trafficSteps } from "./policies/policy-steps.ts";
import type { Policies } from "./policies.ts";
import { backendAction } from "./rules/actions.ts";
import { filterParts } from "./rules/filters.ts";
import type { WrittenMatch } from "./rules/matches.ts";
import { sessionOf } from "./rules/session.ts";
import { transportOf } from "./rules/transport.ts";
import { internalError, type TranslatedRule } from "./rules.ts";
import { asSentence } from "./status/condition.ts";

/** A match of a rule on a host, before it has a place in the list. */
export interface WrittenEntry {
  readonly match: RouteMatch;
  readonly precedence: readonly number[];
  /** Equal for equal matches. */
  readonly key: string;
  readonly route: Route;
  /** The object that it is written in. */
  readonly owner: CustomResource;
}

export type RuleParts = Pick<Route, "steps" | "action" | "transport">;

/** Where a rule is attached. */
export interface RulePlace {
  readonly host: string;
  readonly listener: GatewayListener;
  readonly objects: GatewayObjects;
  readonly policies: PoliciesInForce;
  /** The certificate that the Gateway shows to backends. */
  readonly pair: PemPair | undefined;
  /** Headers that tell backends of the listener's clients. */
  readonly told: readonly Step[];
  /** Rate limits say what is left. */
  readonly limitHeaders: "x-ratelimit" | undefined;
}

interface PoliciesInForce {
  readonly traffic: Policies;
  readonly security: Policies;
}

/** The entries of a rule on a host. */
export function entriesOf(rule: TranslatedRule, place: RulePlace): readonly WrittenEntry[] {
  return rule.matches.map((written, at) => ({
    match: written.match,
    precedence: written.precedence,
    key: written.key,
    owner: rule.route,
    route: routeOf(rule, place.host, { ...written, at }, partsOf(rule, written, place)),
  }));
}

function partsOf(
  rule: TranslatedRule,
  match: WrittenMatch,
  { listener, objects, policies, pair, told, limitHeaders }: RulePlace,
): RuleParts {
  const { cors, steps, answer } = filterParts({ rule, match, listener, objects });
  const traffic = policies.traffic.ofRule(rule, listener);
  const security = policies.security.ofRule(rule, listener);
  const transport = transportOf(rule, traffic?.spec ?? NO_POLICY);
  const fault = security && brokenReferenceOf(security, objects);
  const unguarded = brokenPolicy(security, fault);
  const onTraffic =
    traffic === undefined
      ? []
      : trafficSteps(traffic, `${ingressName(rule.route)} ${rule.index}`, limitHeaders);
  const { after, before } = onTraffic.length === 0 ? NO_TRAFFIC : sorted(onTraffic);
  if (unguarded !== undefined)
    return { steps: [...before, ...cors, ...steps.filter(isOfAnswers)], action: unguarded, transport };
  const guards = security === undefined ? [] : securitySteps(security, { hasCors: cors.length > 0 }, objects);
  const early = [...told, ...before, ...cors, ...guards];
  // Limits are for rules that can be served (local_ratelimit.go).
  if (rule.broken !== undefined)
    return { steps: [...early, ...steps.filter(isOfAnswers)], action: rule.broken, transport };
  const all = [...early, ...after, ...steps];
  const action = answer ?? backendAction(rule, { transport, pair, balancing: sessionOf(rule, match.path) });
  if (action.kind !== "forward") return { steps: all, action, transport };
  const upgrades = rule.route.kind === "GRPCRoute" ? [NO_WEBSOCKET, ONLY_WEBSOCKET] : [ONLY_WEBSOCKET];
  return { steps: [...all, ...hashSteps(traffic?.spec ?? NO_POLICY), ...upgrades], action, transport };
}

const NO_POLICY = jsonFields(undefined);
const NO_TRAFFIC = { before: [], after: [] } as const;
const NO_WEBSOCKET: Step = { kind: "no-upgrade", setting: "an HTTPRoute in place of the GRPCRoute" };
const ONLY_WEBSOCKET: Step = {
  kind: "no-upgrade",
  refused: "others",
  setting: "httpUpgrade of a BackendTrafficPolicy",
};

/** Limits come after what lets a request in, all else of a BackendTrafficPolicy before it. */
function sorted(steps: readonly Step[]): {
  readonly before: readonly Step[];
  readonly after: readonly Step[];
} {
  return {
    before: steps.filter(({ kind }) => kind !== "envoy-local-limit"),
    after: steps.filter(({ kind }) => kind === "envoy-local-limit"),
  };
}

function brokenPolicy(
  policy: CustomResource | undefined,
  fault: string | undefined,
): RespondAction | undefined {
  if (policy === undefined || fault === undefined) return undefined;
  return internalError([reason("broken-reference", asSentence(fault), placeOf(policy, "spec"))]);
}

/** Headers of answers are changed even where nothing else can be done. */
function isOfAnswers(step: Step): boolean {
  return step.kind === "envoy-headers" && step.response !== undefined;
}

function routeOf(
  rule: TranslatedRule,
  host: string,
  match: WrittenMatch & { readonly at: number },
  parts: RuleParts,
): Route {
  const { route, index, field } = rule;
  const { namespace, name } = route.metadata;
  const shown = host === "*" ? "*" : host;
  const kind = route.kind.toLowerCase();
  const inWords: RouteInWords = {
    name: `${kind}/${namespace}/${name}/rule/${index}/match/${match.at}/${shown.replaceAll(".", "_")}`,
    match: match.words,
  };
  const written: RouteRule | undefined = {
    host: host === "*" ? "" : host,
    path: match.path?.value ?? "/",
    pathType:
      match.path?.type === "Exact"
        ? "Exact"
        : match.path?.type === "RegularExpression"
          ? "ImplementationSpecific"
          : "Prefix",
    regex: match.path?.type === "RegularExpression",
  };
  const at = `${field}.matches[${match.at}]`;
  return {
    id: `${namespace}/${name} ${shown} ${match.words} ${route.kind} rule ${index}`,
    get ingress(): IngressRef {
      return refOf(route, at);
    },
    rule: written,
    steps: parts.steps,
    action: parts.action,
    transport: parts.transport,
    inWords,
    get why(): readonly Reason[] {
      const words = `rule ${index} of ${route.kind} ${namespace}/${name} (${match.words}), ${host === "*" ? "for every host" : `host ${host}`}`;
      return [reason("rule", words, placeOf(route, at))];
    },
  };
}
