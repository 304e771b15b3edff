import type { Ingress } from "../../model/resource.ts";
import type { TlsHost } from "../../model/route.ts";
import { refOf } from "../route.ts";

/** The Secrets of spec.tls. Traefik chooses among them by the names in the certificates. */
export function secretHostsOf(ingresses: readonly Ingress[]): readonly TlsHost[] {
  return ingresses.flatMap((ingress) =>
    ingress.spec.tls.flatMap(({ hosts, secretName, field }) => {
      if (secretName === undefined) return [];
      const { namespace } = ingress.metadata;
      const own = { namespace, secretName, ingress: refOf(ingress, field) };
      return hosts.map((host) => ({ host: host.toLowerCase(), ...own }));
    }),
  );
}
