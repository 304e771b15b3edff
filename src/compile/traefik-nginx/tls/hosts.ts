import type { Ingress } from "../../../model/resource.ts";
import type { TlsHost } from "../../../model/route.ts";
import { hostsOfCertificates, secretsOfIngress } from "../../shared/certificate-hosts.ts";
import type { Context } from "../context.ts";

/** The certificates of spec.tls, by their own names. */
export function secretHostsOf(
  ingresses: readonly Ingress[],
  { secret, absentSecrets }: Context,
): readonly TlsHost[] {
  const options = { secret, absent: absentSecrets };
  return hostsOfCertificates(
    ingresses.flatMap((each) => secretsOfIngress(each, options)),
    options,
  );
}
