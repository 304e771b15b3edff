import { append } from "../../../append.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { Action } from "../../../model/route/action.ts";
import type { Transport } from "../../../model/route/transport.ts";
import type { GuardStep } from "../../../step/guard.ts";
import type { Step } from "../../../step/step.ts";
import type { PathAsked, RouteCondition } from "../draft.ts";

/** A route of an HTTPProxy with the conditions of its includes, before hosts' settings and prefixes are worked out. */
export interface WrittenRoute {
  readonly proxy: CustomResource;
  /** `spec.routes[0]` */
  readonly field: string;
  readonly path: PathAsked;
  readonly asked: readonly RouteCondition[];
  /** Replaces the prefix. default: the path stays */
  readonly rewrite?: string | undefined;
  /** By http there is only a redirect to https. */
  readonly toHttps: boolean;
  readonly websockets: boolean;
  /** In place of the virtual host's. Each place that the route comes to has its own bucket. */
  readonly limit?: ((place: string) => GuardStep | undefined) | undefined;
  readonly filter?: readonly GuardStep[] | undefined;
  /** The JWT provider whose token it wants. */
  readonly jwt?: string | undefined;
  /** The host's authorization is not asked. Redirects always are. */
  readonly isUnasked?: boolean | undefined;
  /** Headers, a redirect. */
  readonly steps: readonly Step[];
  readonly action: Action;
  readonly transport: Transport;
  /** It forwards: limits and filters of the route count. */
  readonly isRouted: boolean;
  /** In place of an absent include: nothing of the includes above it counts. */
  readonly isStandIn?: true | undefined;
}

/**
 * A prefix that is replaced becomes two routes, so that slashes fit, unless another route has the same prefix
 * (internal/dag/httpproxy_processor.go, expandPrefixMatches).
 */
export function withSlashes(routes: readonly WrittenRoute[]): readonly WrittenRoute[] {
  const byPrefix = new Map<string, WrittenRoute[]>();
  const made = routes.filter(({ path }) => path.kind !== "prefix");
  for (const route of routes) {
    if (route.path.kind !== "prefix") continue;
    const prefix = route.path.text.replace(/\/+$/, "") || "/";
    const same = byPrefix.get(prefix);
    if (same === undefined) byPrefix.set(prefix, [route]);
    else same.push(route);
  }
  for (const [prefix, same] of byPrefix) {
    const [alone, ...others] = same;
    if (alone?.rewrite === undefined || others.length > 0 || prefix === "/") append(made, same);
    else {
      const to = alone.rewrite.replace(/\/+$/, "");
      made.push(
        { ...alone, path: { kind: "prefix", text: prefix }, rewrite: to || "/" },
        { ...alone, path: { kind: "prefix", text: `${prefix}/` }, rewrite: `${to}/` },
      );
    }
  }
  return made;
}
