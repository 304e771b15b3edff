import type { Ingress } from "../../../model/resource.ts";
import type { TlsHost } from "../../../model/route.ts";
import { hostsOfCertificates, loadedUntilMissing, type NamedSecret } from "../../certificate-hosts.ts";
import { refOf } from "../../reference.ts";
import type { Context } from "../context.ts";

/** The certificates of spec.tls, by their own names. */
export function secretHostsOf(
  ingresses: readonly Ingress[],
  { secret, absentSecrets }: Context,
): readonly TlsHost[] {
  const options = { secret, absent: absentSecrets };
  const named = ingresses.flatMap((ingress) => {
    const { namespace } = ingress.metadata;
    const own = ingress.spec.tls.flatMap(({ hosts, secretName = "", field }): NamedSecret[] =>
      secretName === "" ? [] : [{ hosts, namespace, secretName, ingress: refOf(ingress, field) }],
    );
    return loadedUntilMissing(own, options);
  });
  return hostsOfCertificates(named, options);
}
