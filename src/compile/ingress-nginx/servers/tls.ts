import type { Ingress } from "../../../model/resource.ts";
import type { TlsHost } from "../../../model/route.ts";
import type { Ask } from "../../query.ts";
import { refOf } from "../../route.ts";
import { COVERED, covering, LISTED } from "./tls-coverage.ts";

/** The Secret with a host's certificate. default: the controller's fake certificate */
interface HostTls {
  readonly tlsHost?: TlsHost | undefined;
}

/**
 * The TLS of a host: that of its first Ingress with a `tls` section, whatever the section says about the
 * host. `undefined`: no Ingress has one, so http is not redirected. Source: ingress-nginx controller.go,
 * createServers (SSLCert) and extractTLSSecretName.
 */
export function ofHost(host: string, ingresses: readonly Ingress[], ask: Ask): HostTls | undefined {
  const ingress = ingresses.find(hasTls);
  if (ingress === undefined) return undefined;
  const found = ask.for(LISTED, ingress).get(host) ?? covering(ask.for(COVERED, ingress).all, host);
  if (found?.secretName === undefined) return {};
  const { secretName, field } = found;
  const { namespace } = ingress.metadata;
  return { tlsHost: { host, namespace, secretName, ingress: refOf(ingress, field) } };
}

/**
 * The TLS of another name of a host (alias, `www.`): the host's own if its certificate covers the name.
 * Source: nginx.go, configureCertificates.
 */
export function ofOtherName(
  name: string,
  own: TlsHost,
  ingresses: readonly Ingress[],
  ask: Ask,
): TlsHost | undefined {
  const ingress = ingresses.find(hasTls);
  const entries = ingress && ask.for(COVERED, ingress).bySecret.get(own.secretName);
  return entries !== undefined && covering(entries, name) !== undefined ? { ...own, host: name } : undefined;
}

function hasTls({ spec }: Ingress): boolean {
  return spec.tls.length > 0;
}
