import type { Route } from "../../model/route.ts";
import { backendOf, pathRoute } from "../route.ts";
import type { NginxAnnotations } from "./annotations.ts";
import { PLAIN_HTTP } from "./steps/transport.ts";

/** `ssl-passthrough`: each host with the route of its path `/`, whose Service answers TLS itself. The Ingress has no other routers. */
export function passedThrough({ ingress }: NginxAnnotations): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  for (const { host, paths = [] } of ingress.spec.rules) {
    const path = paths.find((each) => each.path === "/");
    const backend = path && backendOf(ingress, path.backend);
    if (host === "" || path === undefined || backend === undefined) continue;
    const parts = {
      steps: [],
      action: { kind: "forward", shares: [{ backend, weight: 1 }] },
      transport: PLAIN_HTTP,
    } as const;
    routes.set(host, pathRoute(ingress, { host, path, regex: false }, parts, []));
  }
  return routes;
}
