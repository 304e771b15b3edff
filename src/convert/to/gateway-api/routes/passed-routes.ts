import type { MadeFields, MadeObject } from "../../made.ts";
import { kept } from "../../made.ts";
import { annotationField } from "../../nginx/lost.ts";
import type { IngressSource } from "../../sources.ts";
import type { RouteWorld } from "../drafts.ts";
import { GATEWAY_VERSION } from "../listeners.ts";
import { hostInName } from "../names.ts";
import { madeMetadata, parentRef } from "../routes.ts";

/** A TLSRoute for each host whose TLS goes on unopened, at the Ingress that says so. */
export function passedRoutes(
  { ingress, nginx }: IngressSource,
  { gateway, firsts, names }: RouteWorld,
): readonly MadeObject[] {
  if (nginx?.settings.server.passthrough !== true) return [];
  const { namespace, name } = ingress.metadata;
  const hosts = new Set(ingress.spec.rules.map(({ host }) => host));
  return [...hosts].flatMap((host): readonly MadeObject[] => {
    const passed = gateway.passed.get(host);
    // The oldest Ingress of a host decides.
    if (passed === undefined || firsts.get(host) !== ingress || passed.to.namespace !== namespace) return [];
    const backend: MadeFields = { name: passed.to.name, port: passed.to.port };
    return [
      {
        apiVersion: GATEWAY_VERSION,
        kind: "TLSRoute",
        metadata: madeMetadata(ingress, names.fresh(namespace, `${name}-${hostInName(host)}-tls`)),
        spec: {
          parentRefs: [parentRef(ingress, gateway, passed.name)],
          hostnames: [host],
          rules: [kept({ backendRefs: [backend] }, annotationField("ssl-passthrough"))],
        },
      },
    ];
  });
}
