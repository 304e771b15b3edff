import type { Share } from "../../../model/route/action.ts";
import type { ServerCookie } from "../../../model/route/server-cookie.ts";
import type { Backend } from "../../../model/route.ts";
import { portText } from "../../../service/port.ts";
import { balancingBy, cookieKey, cookieName, sameSiteOf } from "../../shared/server-cookie.ts";
import { type Location, routerName } from "../location.ts";

const USUAL_NAME = "INGRESSCOOKIE";

/** `affinity: cookie`: the cookie names the endpoint. Any other value is none. */
export function withAffinity(backend: Backend, location: Location): Backend {
  const service = serviceName(backend, location);
  const sticky = cookieOf(location, "", service);
  return sticky === undefined ? backend : { ...backend, balancing: balancingBy(service, sticky) };
}

/** A second cookie names the share: of the path's own Service, or of the canary's. */
export interface ShareAffinity {
  readonly main: Share["sessions"];
  readonly canary: Share["sessions"];
}

export function shareAffinity(backend: Backend, location: Location): ShareAffinity | undefined {
  const service = serviceName(backend, location);
  const sticky = cookieOf(location, "-wrr", `${service}-wrr`);
  if (sticky === undefined) return undefined;
  const session = (name: string) => [{ cookie: sticky, key: cookieKey(name) }];
  return { main: session(service), canary: session(`${service}-canary`) };
}

function serviceName({ service, port }: Backend, { annotations: { namespace, ingress } }: Location): string {
  return routerName([namespace, ingress.metadata.name, service, portText(port)].join("-"));
}

/** `service`: without a name of its own the cookie is called after it. */
function cookieOf({ annotations }: Location, suffix: string, service: string): ServerCookie | undefined {
  if (annotations.text("affinity") !== "cookie") return undefined;
  const name = (annotations.text("session-cookie-name") ?? USUAL_NAME) + suffix;
  const expires = annotations.integer("session-cookie-expires") ?? 0;
  return {
    name: cookieName(name, `${service}@kubernetesingressnginx`),
    path: annotations.text("session-cookie-path") || "/",
    domain: annotations.text("session-cookie-domain") || undefined,
    expires: expires > 0 ? expires : undefined,
    maxAge: annotations.integer("session-cookie-max-age") ?? 0,
    httpOnly: true,
    secure: annotations.boolean("session-cookie-secure") === true,
    sameSite: sameSiteOf(annotations.text("session-cookie-samesite") ?? ""),
  };
}
