import { reason } from "../../model/reason.ts";
import type { Route } from "../../model/route.ts";
import { defaultBackendRoute } from "../route.ts";
import type { SettledIngress } from "./servers.ts";
import { balancedRoute, type UpstreamDrafts } from "./upstream-drafts.ts";

/**
 * The default backend of the oldest Ingress that has both rules and one: here it answers for hosts that nobody names, where
 * ingress-nginx answers 404.
 */
export function localDefault(
  settled: readonly SettledIngress[],
  upstreams: UpstreamDrafts,
): Route | undefined {
  const owner = settled.find(
    ({ ingress: { spec }, settings }) =>
      settings.canary === undefined && spec.defaultBackend?.kind === "service" && spec.rules.length > 0,
  );
  if (owner === undefined) return undefined;
  const settings = { ...owner.settings.route, sslRedirect: "never", redirect: undefined } as const;
  const why =
    "no Ingress names this host, and the Kubernetes documentation sends what no rule matches here (ingress-nginx itself answers 404)";
  const { transport } = owner.settings;
  const route = defaultBackendRoute(owner.ingress, "", { settings, transport }, [
    reason("no-rule-for-host", why),
  ]);
  return balancedRoute(route, upstreams);
}
