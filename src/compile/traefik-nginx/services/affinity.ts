import type { Backend } from "../../../model/route.ts";
import { portText } from "../../../service/port.ts";
import { balancingBy, cookieName, sameSiteOf } from "../../server-cookie.ts";
import { type Location, routerName } from "../location.ts";

const USUAL_NAME = "INGRESSCOOKIE";

/** `affinity: cookie`: the cookie names the endpoint. Any other value is none. */
export function withAffinity(backend: Backend, { annotations }: Location): Backend {
  if (annotations.text("affinity") !== "cookie") return backend;
  const name = annotations.text("session-cookie-name") ?? USUAL_NAME;
  const { namespace, ingress } = annotations;
  const service = routerName(
    [namespace, ingress.metadata.name, backend.service, portText(backend.port)].join("-"),
  );
  const expires = annotations.integer("session-cookie-expires") ?? 0;
  const maxAge = annotations.integer("session-cookie-max-age") ?? 0;
  const sticky = {
    name: cookieName(name, `${service}@kubernetesingressnginx`),
    path: annotations.text("session-cookie-path") || "/",
    domain: annotations.text("session-cookie-domain") || undefined,
    expires: expires > 0 ? expires : undefined,
    maxAge,
    httpOnly: true,
    secure: annotations.boolean("session-cookie-secure") === true,
    sameSite: sameSiteOf(annotations.text("session-cookie-samesite") ?? ""),
  };
  return { ...backend, balancing: balancingBy(service, sticky) };
}
