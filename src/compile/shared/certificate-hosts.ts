import { X509Certificate } from "node:crypto";
import type { Ingress, Secret } from "../../model/resource.ts";
import type { TlsHost } from "../../model/route.ts";
import { wildcardOf } from "../../request/host.ts";
import { refOf } from "./reference.ts";

/** A Secret that an object names, with the hosts written beside it. */
export interface NamedSecret extends Omit<TlsHost, "host"> {
  readonly hosts: readonly string[];
}

interface Options {
  readonly secret: (namespace: string, name: string) => Secret | undefined;
  /** A Secret that is not there: it does not exist, or the cluster may have it. */
  readonly absent: "missing" | "elsewhere";
}

/**
 * Hosts of certificates that are chosen by their own names, whatever hosts are written beside them
 * (pkg/tls/certificate_store.go, GetBestCertificate).
 *
 * A written host that no certificate is for keeps its Secret, so that this is told.
 */
export function hostsOfCertificates(named: readonly NamedSecret[], options: Options): readonly TlsHost[] {
  const hosts = new Map<string, TlsHost>();
  const left: TlsHost[] = [];
  for (const { hosts: written, ...rest } of named) {
    const secret = options.secret(rest.namespace, rest.secretName);
    const isIssued = secret === undefined && options.absent === "elsewhere";
    for (const name of isIssued ? written : namesIn(secret)) {
      const host = name.toLowerCase();
      if (!hosts.has(host)) hosts.set(host, { host, ...rest });
    }
    if (!isIssued) for (const host of written) left.push({ host: host.toLowerCase(), ...rest });
  }
  const isServed = (host: string) => hosts.has(host) || hosts.has(wildcardOf(host) ?? host);
  return [...hosts.values(), ...left.filter(({ host }) => !isServed(host))];
}

/** The Secrets of `spec.tls` that are loaded. */
export function secretsOfIngress(ingress: Ingress, options: Options): readonly NamedSecret[] {
  const { namespace } = ingress.metadata;
  const named = ingress.spec.tls.flatMap(({ hosts, secretName = "", field }): NamedSecret[] =>
    secretName === "" ? [] : [{ hosts, namespace, secretName, ingress: refOf(ingress, field) }],
  );
  return loadedUntilMissing(named, options);
}

/**
 * The Secrets that are loaded: after one of an object that does not exist, none of it is
 * (pkg/provider/kubernetes/ingress, loadConfigurationFromIngresses).
 */
function loadedUntilMissing(
  named: readonly NamedSecret[],
  { secret, absent }: Options,
): readonly NamedSecret[] {
  if (absent === "elsewhere") return named;
  const missing = named.findIndex(({ namespace, secretName }) => secret(namespace, secretName) === undefined);
  return missing < 0 ? named : named.slice(0, missing + 1);
}

/** Common name and alternative names; none of what cannot be read. */
function namesIn(secret: Secret | undefined): readonly string[] {
  const pem = secret?.data.get("tls.crt");
  if (pem === undefined || secret?.data.get("tls.key") === undefined) return [];
  try {
    const { subjectAltName = "", subject } = new X509Certificate(pem);
    const [, common] = /^CN=(.+)$/m.exec(subject) ?? [];
    const others = [...subjectAltName.matchAll(/DNS:([^,\s]+)/g)].map(([, name = ""]) => name);
    return common === undefined ? others : [common, ...others];
  } catch {
    return [];
  }
}
