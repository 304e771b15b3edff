import type { Ingress } from "../../model/resource.ts";
import { refOf } from "../route.ts";
import { type HostTls, tlsVersion } from "./https.ts";
import { CONTOUR_PREFIX } from "./ingress-policy.ts";
import type { Objects } from "./objects.ts";

/** Hosts of `spec.tls` with a Secret that Contour takes. */
export function tlsOfIngress(ingress: Ingress, objects: Objects): ReadonlyMap<string, HostTls> {
  const { annotations, namespace } = ingress.metadata;
  const own = (name: string) => annotations.get(CONTOUR_PREFIX + name);
  const found = new Map<string, HostTls>();
  const lowest = tlsVersion(own("tls-minimum-protocol-version"), "1.2");
  const highest = tlsVersion(own("tls-maximum-protocol-version"), "1.3");
  if (highest < lowest) return found;
  for (const { hosts, secretName = "", field } of ingress.spec.tls) {
    const secret = `${own("tls-cert-namespace") || namespace}/${secretName}`;
    if (secretName === "" || !objects.isDelegated(secret, namespace)) continue;
    if (objects.secretFault(secret) !== undefined) continue;
    for (const host of hosts) found.set(host, { secret, lowest, highest, by: refOf(ingress, field) });
  }
  return found;
}
