import { type JsonObject, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { CustomResource, Service, ServicePort } from "../../../model/resource.ts";
import type { NamedIdentity, PemPair, UpstreamTls } from "../../../model/route/transport.ts";
import { LONGEST_CHAIN } from "../../shared/envoy-chain.ts";
import { type Authorities, authoritiesOf } from "../listeners/authorities.ts";
import { certificatesOf } from "../listeners/certificates.ts";
import type { GatewayObjects } from "../objects.ts";

/** The policies of a Service port, the one in force first: those for the port, else those for the Service. */
export function backendTlsPolicies(
  { metadata }: Service,
  port: ServicePort | undefined,
  { tlsPolicies }: GatewayObjects,
): readonly CustomResource[] {
  const of = (section: string) => tlsPolicies(metadata.namespace, metadata.name, section);
  const own = port?.name === undefined ? [] : of(port.name);
  return own.length > 0 ? own : of("");
}

/** All that policies may target, by `NAMESPACE/SERVICE SECTION`; the oldest policy of a target first. */
export function tlsPoliciesByTarget(
  policies: readonly CustomResource[],
): ReadonlyMap<string, readonly CustomResource[]> {
  const byTarget = new Map<string, CustomResource[]>();
  for (const policy of policies)
    for (const item of jsonItems(policy.spec.targetRefs)) {
      const { kind, name, sectionName } = jsonFields(item);
      if ((kind ?? "Service") !== "Service") continue;
      const key = `${policy.metadata.namespace}/${jsonString(name)} ${jsonString(sectionName) ?? ""}`;
      const own = byTarget.get(key);
      if (own === undefined) byTarget.set(key, [policy]);
      else if (!own.includes(policy)) own.push(policy);
    }
  return byTarget;
}

/** The authorities that a policy trusts; all that the system trusts have no text. */
export function trustedBy(
  { kind, metadata, spec }: CustomResource,
  objects: GatewayObjects,
): Authorities | "system" {
  const { caCertificateRefs, wellKnownCACertificates } = jsonFields(spec.validation);
  if (wellKnownCACertificates === "System") return "system";
  return authoritiesOf(caCertificateRefs, { kind, namespace: metadata.namespace }, objects);
}

/** TLS to the pods by a policy. `undefined`: it trusts nobody */
export function upstreamTlsBy(policy: CustomResource, objects: GatewayObjects): UpstreamTls | undefined {
  const trusted = trustedBy(policy, objects);
  const ca = trusted === "system" ? undefined : trusted.pem;
  if (ca === "") return undefined;
  const validation = jsonFields(policy.spec.validation);
  const name = jsonString(validation.hostname) ?? "";
  const identities = jsonItems(validation.subjectAltNames).map((item) => identityIn(jsonFields(item)));
  return keyed({ ca, name, identities: identities.length === 0 ? undefined : identities, pair: undefined });
}

/** The same with the certificate that a Gateway shows to backends. */
export function withClientPair(tls: UpstreamTls, pair: PemPair | undefined): UpstreamTls {
  return pair === undefined ? tls : keyed({ ...tls, pair });
}

function keyed(parts: Pick<UpstreamTls, "ca" | "name" | "identities" | "pair">): UpstreamTls {
  return {
    ...parts,
    key: JSON.stringify([parts.name, parts.identities, parts.ca, parts.pair]),
    ...{ verify: true, verifyDepth: LONGEST_CHAIN, protocols: [], sendName: true },
  };
}

function identityIn({ type, hostname, uri }: JsonObject): NamedIdentity {
  return type === "URI"
    ? { kind: "uri", name: jsonString(uri) ?? "" }
    : { kind: "host", name: jsonString(hostname) ?? "" };
}

/** `tls.backend.clientCertificateRef` of a Gateway. */
export function clientPairOf(gateway: CustomResource, objects: GatewayObjects): PemPair | undefined {
  const { clientCertificateRef: ref } = jsonFields(jsonFields(gateway.spec.tls).backend);
  if (ref === undefined) return undefined;
  const [usable] = certificatesOf(gateway, [ref], objects).usable;
  const data = usable && objects.secret(usable.secret)?.data;
  const [cert, key] = [data?.get("tls.crt"), data?.get("tls.key")];
  return cert && key && { cert: cert.toString("latin1"), key: key.toString("latin1") };
}
