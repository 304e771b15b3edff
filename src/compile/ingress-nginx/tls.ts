import { X509Certificate } from "node:crypto";
import type { Ingress, IngressTls, Secret } from "../../model/resource.ts";
import type { TlsHost } from "../../model/route.ts";
import { refOf } from "../route.ts";

/** Which Secret holds the certificate of a host: none means that the controller's fake certificate is served. */
export interface HostTls {
  readonly tlsHost?: TlsHost | undefined;
}

/**
 * The TLS of a host: of the first of its Ingresses that has a `tls` section, whatever that section says of the host.
 *
 * `undefined` where no Ingress has one: then http is not redirected.
 * Source: ingress-nginx controller.go, createServers (SSLCert) and extractTLSSecretName.
 */
export function tlsOfHost(
  host: string,
  ingresses: readonly Ingress[],
  secrets: ReadonlyMap<string, Secret>,
): HostTls | undefined {
  const ingress = ingresses.find(({ spec }) => spec.tls.length > 0);
  if (ingress === undefined) return undefined;
  const { namespace } = ingress.metadata;
  const entry = ingress.spec.tls.find(({ hosts }) => hosts.some((name) => name.toLowerCase() === host));
  const found =
    entry ?? ingress.spec.tls.find((tls) => covers(tls, host, secrets.get(`${namespace}/${tls.secretName}`)));
  if (found?.secretName === undefined) return {};
  const { secretName, field } = found;
  return { tlsHost: { host, namespace, secretName, ingress: refOf(ingress, field) } };
}

/**
 * The TLS of another name of a host (an alias, `www.`): the host's own, where its certificate is good for that name.
 *
 * Source: nginx.go, configureCertificates.
 */
export function tlsOfOtherName(
  name: string,
  own: TlsHost,
  ingresses: readonly Ingress[],
  secrets: ReadonlyMap<string, Secret>,
): TlsHost | undefined {
  const secret = secrets.get(`${own.namespace}/${own.secretName}`);
  const entries = ingresses.find(({ spec }) => spec.tls.length > 0)?.spec.tls ?? [];
  const good = entries
    .filter(({ secretName }) => secretName === own.secretName)
    .some((tls) => covers(tls, name, secret));
  return good ? { ...own, host: name } : undefined;
}

/** Whether an entry names a host, or the wildcard over it. */
function lists({ hosts }: IngressTls, name: string): boolean {
  const wildcard = name.replace(/^[^.]+/, "*");
  return hosts.some((host) => [name, wildcard].includes(host.toLowerCase()));
}

/**
 * Whether the certificate of an entry that does not list the host is good for it all the same.
 *
 * A Secret that is not at hand is issued by ourselves: for what its entry lists, wildcards too; an entry without hosts
 * stands for every host of its Ingress.
 */
function covers(tls: IngressTls, host: string, secret: Secret | undefined): boolean {
  if (tls.secretName === undefined) return false;
  const pem = secret?.data.get("tls.crt");
  if (pem === undefined) return secret === undefined && (tls.hosts.length === 0 || lists(tls, host));
  try {
    return (
      new X509Certificate(pem).checkHost(host, { subject: "never", partialWildcards: false }) !== undefined
    );
  } catch {
    return false;
  }
}
