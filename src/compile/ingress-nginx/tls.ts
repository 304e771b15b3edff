import type { Ingress, Secret } from "../../model/resource.ts";
import type { TlsHost } from "../../model/route.ts";
import { refOf } from "../route.ts";
import { type Coverage, coverageOf, covering } from "./tls-coverage.ts";

/** Which Secret holds the certificate of a host: none means that the controller's fake certificate is served. */
export interface HostTls {
  readonly tlsHost?: TlsHost | undefined;
}

/** The TLS of the hosts of one table. */
export interface TlsLookup {
  /**
   * The TLS of a host: of the first of its Ingresses that has a `tls` section, whatever that section says of the host.
   *
   * `undefined` where no Ingress has one: then http is not redirected.
   * Source: ingress-nginx controller.go, createServers (SSLCert) and extractTLSSecretName.
   */
  readonly ofHost: (host: string, ingresses: readonly Ingress[]) => HostTls | undefined;
  /**
   * The TLS of another name of a host (an alias, `www.`): the host's own, where its certificate is good for that name.
   *
   * Source: nginx.go, configureCertificates.
   */
  readonly ofOtherName: (name: string, own: TlsHost, ingresses: readonly Ingress[]) => TlsHost | undefined;
}

/** Reads each `tls` section once, however many hosts ask for it. */
export function tlsLookup(secrets: ReadonlyMap<string, Secret>): TlsLookup {
  const known = new Map<Ingress, Coverage>();
  const sectionOf = (ingresses: readonly Ingress[]) => {
    const ingress = ingresses.find(({ spec }) => spec.tls.length > 0);
    if (ingress === undefined) return undefined;
    const coverage = known.get(ingress) ?? coverageOf(ingress, secrets);
    known.set(ingress, coverage);
    return { ingress, coverage };
  };
  return {
    ofHost: (host, ingresses) => {
      const section = sectionOf(ingresses);
      if (section === undefined) return undefined;
      const { ingress, coverage } = section;
      const found = coverage.listed.get(host) ?? covering(coverage.entries(), host);
      if (found?.secretName === undefined) return {};
      const { secretName, field } = found;
      const { namespace } = ingress.metadata;
      return { tlsHost: { host, namespace, secretName, ingress: refOf(ingress, field) } };
    },
    ofOtherName: (name, own, ingresses) => {
      const entries = sectionOf(ingresses)?.coverage.bySecret().get(own.secretName);
      return entries !== undefined && covering(entries, name) !== undefined
        ? { ...own, host: name }
        : undefined;
    },
  };
}
