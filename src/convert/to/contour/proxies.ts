import type { Ingress, IngressRule } from "../../../model/resource.ts";
import type { TlsHost } from "../../../model/route.ts";
import { carriedAnnotations } from "../beside/annotations.ts";
import { type FreshNames, hostInName } from "../gateway-api/names.ts";
import { kept, type Made, type MadeFields, type MadeObject } from "../made.ts";
import type { HostCertificate } from "../nginx/client-certificates.ts";
import type { PassedTo } from "../nginx/passed-hosts.ts";
import type { IngressSource } from "../sources.ts";
import type { ProxyParts } from "./parts.ts";

const PROXY_VERSION = "projectcontour.io/v1";

/** The part of an Ingress that is for a host. */
export interface HostPart {
  readonly source: IngressSource;
  readonly rule: IngressRule;
  readonly parts: ProxyParts | undefined;
  readonly routes: readonly Made[];
}

export function certificateOfHost(host: string, certificates: readonly TlsHost[]): TlsHost | undefined {
  const wildcard = `*${host.slice(host.indexOf("."))}`;
  return (
    certificates.find((each) => each.host === host) ?? certificates.find((each) => each.host === wildcard)
  );
}

interface HostTls {
  readonly host: string;
  readonly certificate: TlsHost | undefined;
  /** The Service that answers TLS itself. */
  readonly passed: PassedTo | undefined;
  /** The demands on clients. */
  readonly asked: HostCertificate | undefined;
}

/** The root stands at the first Ingress of the host; others are parts of it by `includes`. */
export function writeHost(
  { host, certificate, passed, asked }: HostTls,
  [first, ...others]: readonly HostPart[],
  names: FreshNames,
  made: ReadonlyMap<Ingress, MadeObject[]>,
): void {
  if (first === undefined) return;
  const nameOf = ({ source: { ingress } }: HostPart) => {
    const { namespace, name } = ingress.metadata;
    const isOne = new Set(ingress.spec.rules.map((rule) => rule.host)).size === 1;
    return names.fresh(namespace, isOne ? name : `${name}-${hostInName(host)}`);
  };
  const own = nameOf(first);
  const { ingress } = first.source;
  const { namespace } = ingress.metadata;
  const children = others.map((part) => ({ part, name: nameOf(part) }));
  const cors = [first, ...others].find(({ parts }) => parts?.cors !== undefined)?.parts?.cors;
  const isDelegated =
    passed === undefined && certificate !== undefined && certificate.namespace !== namespace;
  const secretName = isDelegated
    ? `${certificate.namespace}/${certificate.secretName}`
    : certificate?.secretName;
  const includes = children.map(({ part, name }) => {
    const other = part.source.ingress.metadata.namespace;
    return { name, namespace: other === namespace ? undefined : other };
  });
  if (isDelegated)
    made.get(ingress)?.push(delegation(certificate.namespace, certificate.secretName, namespace));
  if (asked !== undefined && "by" in asked && asked.by.ingress.metadata.namespace !== namespace)
    made.get(ingress)?.push(delegation(asked.by.ingress.metadata.namespace, asked.secret, namespace));
  const tlsOf = (): MadeFields | undefined => {
    if (passed !== undefined) {
      const passthrough = first.parts?.of("ssl-passthrough", true) ?? true;
      return { passthrough };
    }
    if (secretName === undefined) return undefined;
    return { secretName, clientValidation: clientValidation(asked, first, namespace) };
  };
  made.get(ingress)?.push(
    proxyObject(ingress, own, {
      virtualhost: {
        fqdn: kept(host, `${first.rule.field}.host`),
        tls: tlsOf(),
        corsPolicy: cors,
      },
      // Routes are for http then.
      tcpproxy: passed && { services: [{ name: passed.name, port: passed.port }] },
      includes: includes.length === 0 ? undefined : includes,
      routes: first.routes,
    }),
  );
  for (const { part, name } of children)
    made.get(part.source.ingress)?.push(proxyObject(part.source.ingress, name, { routes: part.routes }));
}

/** Lets another namespace name a Secret. */
function delegation(namespace: string, secretName: string, to: string): MadeObject {
  return {
    apiVersion: PROXY_VERSION,
    kind: "TLSCertificateDelegation",
    metadata: { name: secretName, namespace },
    spec: { delegations: [{ secretName, targetNamespaces: [to] }] },
  };
}

/** `first`: the part that the root stands at */
function clientValidation(
  asked: HostCertificate | undefined,
  { parts }: HostPart,
  namespace: string,
): MadeFields | undefined {
  if (asked === undefined || "why" in asked) return undefined;
  const { by, secret, verify, isPassed } = asked;
  const own = by.ingress.metadata.namespace;
  const isOwn = parts?.ingress === by.ingress;
  const at = (name: string, value: Made) => (isOwn ? (parts?.of(name, value) ?? value) : value);
  return {
    caSecret: at("auth-tls-secret", own === namespace ? secret : `${own}/${secret}`),
    optionalClientCertificate: verify === "on" ? undefined : at("auth-tls-verify-client", true),
    skipClientCertValidation: verify === "optional_no_ca" ? true : undefined,
    forwardClientCertificate: isPassed
      ? at("auth-tls-pass-certificate-to-upstream", { cert: true })
      : undefined,
  };
}

function proxyObject(ingress: Ingress, name: string, spec: MadeFields): MadeObject {
  const { metadata } = ingress;
  return {
    apiVersion: PROXY_VERSION,
    kind: "HTTPProxy",
    metadata: {
      name: kept(name, "metadata.name"),
      namespace: metadata.namespace === "default" ? undefined : metadata.namespace,
      labels: metadata.labels.size === 0 ? undefined : Object.fromEntries(metadata.labels),
      annotations: carriedAnnotations(ingress),
    },
    spec,
  };
}
