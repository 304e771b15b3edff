import type { Ingress } from "../../../model/resource.ts";
import { kept, type Made, type MadeFields, type MadeObject } from "../made.ts";

const ISSUER = "cert-manager.io/issuer";
const CLUSTER_ISSUER = "cert-manager.io/cluster-issuer";

/** Fields of a Certificate by the annotation that cert-manager reads from an Ingress, without its domain. */
const FIELDS: readonly (readonly [annotation: string, field: string])[] = [
  ["common-name", "commonName"],
  ["duration", "duration"],
  ["renew-before", "renewBefore"],
  ["revision-history-limit", "revisionHistoryLimit"],
];

/**
 * The Certificates that cert-manager has made of an Ingress: with the Ingress they go, and nothing renews their Secrets.
 * For targets whose objects it does not read. `asked`: Secrets that older Ingresses have asked for
 */
export function certificateRequests({ metadata, spec }: Ingress, asked: Set<string>): readonly MadeObject[] {
  const issuerRef = issuerOf(metadata.annotations);
  if (issuerRef === undefined) return [];
  return spec.tls.flatMap(({ secretName = "", hosts }): readonly MadeObject[] => {
    const secret = `${metadata.namespace}/${secretName}`;
    if (secretName === "" || hosts.length === 0 || asked.has(secret)) return [];
    asked.add(secret);
    return [
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: {
          name: secretName,
          namespace: metadata.namespace === "default" ? undefined : metadata.namespace,
        },
        spec: { secretName, dnsNames: [...hosts], issuerRef, ...moreOf(metadata.annotations) },
      },
    ];
  });
}

function at(key: string, value: Made): Made {
  return kept(value, `metadata.annotations[${key}]`);
}

function issuerOf(annotations: ReadonlyMap<string, string>): MadeFields | undefined {
  const [key, kind] = annotations.has(ISSUER)
    ? ([ISSUER, annotations.get("cert-manager.io/issuer-kind") ?? "Issuer"] as const)
    : ([CLUSTER_ISSUER, "ClusterIssuer"] as const);
  const name = annotations.get(key);
  if (name === undefined) return undefined;
  return { name: at(key, name), kind, group: annotations.get("cert-manager.io/issuer-group") };
}

function moreOf(annotations: ReadonlyMap<string, string>): MadeFields {
  const found = FIELDS.flatMap(([name, field]) => {
    const key = `cert-manager.io/${name}`;
    const value = annotations.get(key);
    if (value === undefined) return [];
    return [[field, at(key, name === "revision-history-limit" ? Number(value) : value)] as const];
  });
  return Object.fromEntries(found);
}

/** The annotations of cert-manager, for an object that it reads as well. */
export function certificateAnnotations({ metadata }: Ingress): ReadonlyMap<string, string> {
  return new Map(
    [...metadata.annotations].filter(([key]) =>
      /^(?:[a-z-]+\.)?cert-manager\.io\/|^kubernetes\.io\/tls-acme$/.test(key),
    ),
  );
}
