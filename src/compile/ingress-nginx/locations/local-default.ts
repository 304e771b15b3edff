import { reason } from "../../../model/reason.ts";
import type { LocalRoute } from "../../../model/route/selection.ts";
import { longQuery } from "../../query.ts";
import { defaultBackendRoute } from "../../route.ts";
import { serverSettings } from "../servers/server-settings.ts";
import { SERVER } from "../servers.ts";
import { FORWARD } from "../steps/actions.ts";
import { DEFAULT_WITH_RULES } from "../survey.ts";
import { partsOf, serverParts, withoutRedirects } from "./location-routes.ts";

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
export const LOCAL_DEFAULT = longQuery<undefined, LocalRoute | undefined>(
  "local default",
  function* (_, ask) {
    const owner = ask.for(DEFAULT_WITH_RULES);
    if (owner?.defaultPort === undefined) return undefined;
    const server = yield* ask.inSteps(SERVER, "");
    const { ingress, settings, defaultPort } = owner;
    const parts = yield* serverParts(server, serverSettings(server), undefined, ask);
    const ways = new Map([[defaultPort, yield* ask.inSteps(FORWARD, defaultPort)]]);
    const location = withoutRedirects(settings.location);
    const { transport } = settings;
    const made = partsOf({ location, transport }, defaultPort, undefined, { ...parts, ways, tls: undefined });
    const route = defaultBackendRoute(ingress, "", made, [NOBODY_NAMES]);
    return { route, production: PRODUCTION };
  },
);
