import type { Ingress } from "../../../model/resource.ts";
import type { MadeFields, MadeObject } from "../made.ts";
import { isAtHostOf } from "../nginx/lost.ts";
import { otherNameOf } from "../nginx/other-names.ts";
import type { RouteHosts, RouteWorld } from "./drafts.ts";
import { listenerOf } from "./listeners.ts";
import type { IngressParts } from "./parts.ts";
import type { RuleDraft } from "./routes/rules.ts";
import { parentRef, routeObject } from "./routes.ts";

/** `app-root`: the root of a host is sent to a path. Before the other rules. */
export function appRootRule(parts: IngressParts): RuleDraft | undefined {
  const name = "app-root";
  const { appRoot } = parts.nginx.settings;
  if (appRoot === undefined) return undefined;
  if (appRoot.source.includes("$")) {
    parts.lose(name, "it has a variable of nginx, so the root is not redirected");
    return undefined;
  }
  parts.done(name);
  parts.say(
    name,
    "http is redirected to https first, guards are asked first, and the query of a request goes along",
    (difference) => {
      const { first, second, request } = difference;
      const isRoot = /^\/(?:\?|$)/.test(request.target) && isAtHostOf(parts.ingress, difference);
      if (!isRoot || first.behaviour.kind !== "redirect") return undefined;
      if (second.behaviour.kind === "redirect") return { aspects: ["status", "location"] };
      const isGuarded = second.behaviour.status === 401 || second.behaviour.status === 403;
      return isGuarded ? { aspects: ["kind"] } : undefined;
    },
  );
  const redirect: MadeFields = {
    path: { type: "ReplaceFullPath", replaceFullPath: appRoot.source },
    statusCode: 302,
  };
  return {
    field: "",
    matches: [{ path: { type: "Exact", value: "/" } }],
    filters: [
      parts.of(name, { type: "RequestRedirect", requestRedirect: redirect }) as unknown as MadeFields,
    ],
    backendRefs: [],
  };
}

/** `from-to-www-redirect`: the other name of each host, with www or without, is sent to the host. */
export function wwwRoutes(
  parts: IngressParts,
  groups: readonly RouteHosts[],
  world: RouteWorld,
): readonly MadeObject[] {
  const name = "from-to-www-redirect";
  parts.done(name);
  if (!parts.nginx.settings.fromToWww) return [];
  const { ingress } = parts;
  const hosts = groups.flatMap((group) => group.hosts.map(({ host }) => host));
  return hosts.flatMap((host) => {
    const other = otherNameOf(host);
    if (other === undefined || world.hosts.has(other)) return [];
    return [wwwRoute(ingress, host, other, parts, world)];
  });
}

function wwwRoute(
  ingress: Ingress,
  host: string,
  other: string,
  parts: IngressParts,
  { gateway, names }: RouteWorld,
): MadeObject {
  const { namespace, name } = ingress.metadata;
  const isSecure = listenerOf(gateway, other) !== undefined;
  const filter = { type: "RequestRedirect", requestRedirect: { hostname: host, statusCode: 308 } };
  return routeObject(ingress, names.fresh(namespace, `${name}-www-redirect`), {
    parentRefs: [
      parentRef(ingress, gateway, isSecure || gateway.listeners.length === 0 ? undefined : "http"),
    ],
    hostnames: [other],
    rules: [{ filters: [parts.of("from-to-www-redirect", filter)] }],
  });
}
