import { reason } from "../../../model/reason.ts";
import type { LocalRoute } from "../../../model/route/selection.ts";
import { backendOf, defaultBackendRoute } from "../../route.ts";
import type { SettledIngress } from "../servers.ts";
import { partsOf, type ServerParts, withoutRedirects } from "./location-routes.ts";

const NOBODY_NAMES = reason(
  "no-rule-for-host",
  "no Ingress names this host, and the Kubernetes documentation sends what no rule matches here (ingress-nginx itself answers 404)",
);

const PRODUCTION =
  "404: ingress-nginx keeps the default backend of an Ingress with rules to the hosts of that Ingress";

/**
 * The default backend of the oldest Ingress with both rules and default backend. Here it answers unnamed
 * hosts, by the Kubernetes documentation ("if none of the hosts or paths match … the traffic is routed to
 * your default backend"); ingress-nginx answers 404 since its pull request 8825.
 */
export function localDefault(settled: readonly SettledIngress[], parts: ServerParts): LocalRoute | undefined {
  for (const { ingress, settings } of settled) {
    const { defaultBackend, rules } = ingress.spec;
    const backend = backendOf(ingress, defaultBackend);
    if (settings.canary !== undefined || backend === undefined || rules.length === 0) continue;
    const { transport } = settings;
    const location = withoutRedirects(settings.location);
    const made = partsOf({ location, transport }, backend, undefined, { ...parts, tls: undefined });
    const route = defaultBackendRoute(ingress, "", made, [NOBODY_NAMES]);
    return { route, production: PRODUCTION };
  }
  return undefined;
}
