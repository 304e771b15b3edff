import { reason } from "../../model/reason.ts";
import type { Action } from "../../model/route/action.ts";
import type { RouteMatch } from "../../model/route/selection.ts";
import type { Route } from "../../model/route.ts";
import { readTemplate } from "../../re2/template.ts";
import { defaultBackendRoute, pathRoute, type RouteParts } from "../route.ts";
import { alwaysRule, neverRule } from "./canary-rules.ts";
import type { Context } from "./context.ts";
import { isDefault, type Location } from "./location.ts";
import { hostMatch, type RouterRule, re2Of, ruleOf, type Unbuilt } from "./matching.ts";
import { hostRule, rulePriority } from "./rule-text.ts";
import type { SharedNames } from "./shared-names.ts";
import { countedApart } from "./steps/access.ts";
import { passwordSteps } from "./steps/passwords.ts";
import { PLAIN_HTTP } from "./steps/transport.ts";
import { forwardTo, refusedHeaders, wayOf } from "./steps.ts";

/** A router as Traefik has it. */
export interface NginxRouter {
  readonly location: Location;
  /** Two routers of one name: one of them is lost. */
  readonly name: string;
  readonly rule: string;
  readonly priority: number;
  readonly match: RouteMatch;
  readonly route: Route;
  /** `from-to-www-redirect`; each path of the Ingress has the same. */
  readonly isOtherName?: true | undefined;
}

export interface LostRouter extends Unbuilt {
  readonly location: Location;
  /** What it would have matched; default: unknown */
  readonly match?: RouteMatch | undefined;
}

/** The routers of a location: its own, those of its canary, and the one that only redirects to another name. */
export function nginxRoutersOf(
  location: Location,
  shared: SharedNames,
  context: Context,
): {
  readonly routers: readonly NginxRouter[];
  readonly lost: readonly LostRouter[];
  readonly isLeftOut?: true | undefined;
} {
  const left = isDefault(location) ? [] : passwordSteps(location, context);
  if ("why" in left && left.leavesOut === true)
    return { routers: [], lost: [{ location, match: matchOf(location), ...left }], isLeftOut: true };
  const denied = refusedHeaders(location, context);
  const rule = ruleOf(location);
  const parts = denied === undefined ? wayOf(location, context) : { steps: [], transport: PLAIN_HTTP };
  if ("why" in rule) return { routers: [], lost: [{ location, ...rule }] };
  if ("why" in parts) return { routers: [], lost: [{ location, match: rule.match, ...parts }] };
  const lost: LostRouter[] = [];
  const routers: NginxRouter[] = [];
  const add = (made: RouterRule, suffix: string, action: Action) =>
    routers.push(
      routerOf(location, made, suffix, { ...parts, steps: countedApart(parts.steps, suffix), action }),
    );
  add(rule, "", denied ?? forwardTo(location, context, "all"));
  if (location.canary !== undefined) {
    const always = alwaysRule(rule, location.canary);
    if (always !== undefined && "why" in always) lost.push({ location, ...always });
    else if (always !== undefined) add(always, "-canary", denied ?? forwardTo(location, context, "canary"));
    const never = neverRule(rule, location.canary);
    if (never !== undefined) add(never, "-non-canary", denied ?? forwardTo(location, context, "main"));
  }
  const other = denied === undefined ? otherName(location, shared) : undefined;
  if (other !== undefined) {
    const named: RouterRule = {
      text: hostRule([other]),
      match: { path: { kind: "any" }, hosts: [hostMatch(other)] },
    };
    const redirect = { steps: [toHost(location.host)], action: NEVER_REACHED, transport: PLAIN_HTTP };
    routers.push({ ...routerOf(location, named, "-www", redirect), isOtherName: true });
  }
  return { routers, lost };
}

function matchOf(location: Location): RouteMatch | undefined {
  const rule = ruleOf(location);
  return "why" in rule ? undefined : rule.match;
}

const NEVER_REACHED: Action = { kind: "respond", status: 404, why: [] };

function routerOf(
  location: Location,
  { text, match }: RouterRule,
  suffix: string,
  parts: RouteParts,
): NginxRouter {
  const { annotations, host, path, isRegex } = location;
  const { ingress } = annotations;
  const name = location.router + suffix;
  const priority = rulePriority(text);
  const why = [
    reason(
      "longest-rule",
      `router ${name}, rule ${text}: of the rules that match it is the longest (${priority} bytes)`,
    ),
  ];
  const inWords = { name, match: text, priority };
  const route =
    path === undefined
      ? defaultBackendRoute(ingress, host, { ...parts, inWords }, why)
      : pathRoute(ingress, { host, path, regex: isRegex }, { ...parts, inWords }, why);
  return { location, name, rule: text, priority, match, route };
}

/** `from-to-www-redirect`: unless an Ingress has the other name as a host. */
function otherName({ annotations, host }: Location, { hosts }: SharedNames): string | undefined {
  if (annotations.boolean("from-to-www-redirect") !== true || host === "" || host.startsWith("*."))
    return undefined;
  const other = host.startsWith("www.") ? host.slice("www.".length) : `www.${host}`;
  return hosts.has(other) ? undefined : other;
}

function toHost(host: string) {
  const pattern = re2Of("(https?)://[^/:]+(:[0-9]+)?/(.*)");
  if ("why" in pattern) throw new Error(pattern.why);
  const template = readTemplate(`$1://${host}$2/$3`);
  return {
    kind: "url-redirect",
    status: 308,
    pattern,
    template,
    annotation: "from-to-www-redirect",
  } as const;
}
