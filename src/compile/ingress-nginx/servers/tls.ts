import type { Ingress, Secret } from "../../../model/resource.ts";
import type { TlsHost } from "../../../model/route.ts";
import { refOf } from "../../route.ts";
import { type Coverage, coverageOf, covering } from "./tls-coverage.ts";

/** The Secret with a host's certificate. default: the controller's fake certificate */
interface HostTls {
  readonly tlsHost?: TlsHost | undefined;
}

export interface TlsLookup {
  /**
   * The TLS of a host: that of its first Ingress with a `tls` section, whatever the section says about the
   * host. `undefined`: no Ingress has one, so http is not redirected. Source: ingress-nginx controller.go,
   * createServers (SSLCert) and extractTLSSecretName.
   */
  readonly ofHost: (host: string, ingresses: readonly Ingress[]) => HostTls | undefined;
  /**
   * The TLS of another name of a host (alias, `www.`): the host's own if its certificate covers the name.
   * Source: nginx.go, configureCertificates.
   */
  readonly ofOtherName: (name: string, own: TlsHost, ingresses: readonly Ingress[]) => TlsHost | undefined;
}

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
