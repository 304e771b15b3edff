import { jsonFields, jsonItems, jsonString } from "../../model/json.ts";
import type { TlsHost } from "../../model/route.ts";
import { refOf } from "../reference.ts";
import { isOfClass } from "./ingress-route-routers.ts";
import { Lost } from "./lost.ts";
import type { TraefikObjects } from "./objects.ts";
import { matchOfRule } from "./rule/match.ts";
import { readRule } from "./rule/parse.ts";

/** Hosts whose certificate an Ingress or an IngressRoute names. */
export function traefikTlsHosts(objects: TraefikObjects): readonly TlsHost[] {
  const ofIngresses = objects.ingresses.flatMap((ingress) =>
    ingress.spec.tls.flatMap(({ hosts, secretName, field }) =>
      secretName === undefined
        ? []
        : hosts.map((host) => ({
            host: host.toLowerCase(),
            namespace: ingress.metadata.namespace,
            secretName,
            ingress: refOf(ingress, field),
          })),
    ),
  );
  const ofRoutes = objects.all("IngressRoute").flatMap((route) => {
    const secretName = jsonString(jsonFields(route.spec.tls).secretName);
    if (secretName === undefined || !isOfClass(route, objects)) return [];
    const { namespace } = route.metadata;
    const hosts = jsonItems(route.spec.routes).flatMap((item) =>
      hostsIn(jsonString(jsonFields(item).match) ?? ""),
    );
    return hosts.map((host) => ({ host, namespace, secretName, ingress: refOf(route, "spec.tls") }));
  });
  return [...ofIngresses, ...ofRoutes];
}

function hostsIn(rule: string): readonly string[] {
  const parsed = readRule(rule);
  const match = parsed && matchOfRule(parsed, "v3");
  if (match === undefined || match instanceof Lost) return [];
  return (match.hosts ?? []).flatMap((host) => (host.kind === "pattern" ? [] : [host.name]));
}
