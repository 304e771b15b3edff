import type { Problem } from "../../../model/problem.ts";
import type { Ingress, IngressTls } from "../../../model/resource.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { refOf } from "../../route.ts";
import { type HostTls, tlsVersion } from "../https.ts";
import type { Objects } from "../objects.ts";
import { CONTOUR_PREFIX } from "./policy.ts";

/** Hosts of `spec.tls` with a Secret that Contour takes, and why others have none. */
interface IngressHttps {
  readonly hosts: ReadonlyMap<string, HostTls>;
  readonly problems: readonly Problem[];
}

export function tlsOfIngress(ingress: Ingress, objects: Objects): IngressHttps {
  const { annotations } = ingress.metadata;
  const hosts = new Map<string, HostTls>();
  const problems: Problem[] = [];
  const lowest = tlsVersion(annotations.get(`${CONTOUR_PREFIX}tls-minimum-protocol-version`), "1.2");
  const highest = tlsVersion(annotations.get(`${CONTOUR_PREFIX}tls-maximum-protocol-version`), "1.3");
  if (highest < lowest && ingress.spec.tls.length > 0) return { hosts, problems: [crossedVersions(ingress)] };
  for (const tls of ingress.spec.tls) {
    const found = secretOf(ingress, tls, objects);
    if (found.kind === "refused") problems.push(withoutHttps(ingress, tls, found.why));
    else
      for (const host of tls.hosts)
        hosts.set(host, { secret: found.secret, lowest, highest, by: refOf(ingress, tls.field) });
  }
  return { hosts, problems };
}

type FoundSecret =
  | { readonly kind: "found"; readonly secret: string }
  | { readonly kind: "refused"; readonly why: string };

function secretOf({ metadata }: Ingress, { secretName = "" }: IngressTls, objects: Objects): FoundSecret {
  const { annotations, namespace } = metadata;
  const refused = (why: string) => ({ kind: "refused", why }) as const;
  if (secretName === "") return refused("it names no Secret");
  const secret = `${annotations.get(`${CONTOUR_PREFIX}tls-cert-namespace`) || namespace}/${secretName}`;
  if (!objects.isDelegated(secret, namespace))
    return refused(`no TLSCertificateDelegation gives Secret ${secret} to namespace ${namespace}`);
  const fault = objects.secretFault(secret);
  return fault === undefined ? { kind: "found", secret } : refused(`Secret ${secret}: ${fault}`);
}

function withoutHttps(ingress: Ingress, { hosts, field }: IngressTls, why: string): Problem {
  const named = hosts.length === 0 ? "no host" : hosts.join(", ");
  return problemOf(ingress, {
    ...{ code: "tls-not-served", level: "warning", field },
    message: `Ingress ${ingressName(ingress)}: tls for ${named} is left out: ${why}. There is no https by it, and http goes on; Contour says so in its log alone.`,
    fix: "Correct what the message names.",
  });
}

function crossedVersions(ingress: Ingress): Problem {
  const field = `metadata.annotations[${CONTOUR_PREFIX}tls-minimum-protocol-version]`;
  return problemOf(ingress, {
    ...{ code: "tls-not-served", level: "error", field },
    message: `Ingress ${ingressName(ingress)}: its lowest TLS version is above its highest. Contour stops there with the TLS of all Ingresses, in an order that it draws at each rebuild: https of others may be missing too. Here it is missing for this one.`,
    fix: "Correct one of the two annotations.",
  });
}

/** Two Secrets, or ranges of versions. */
export function drawnTls(one: HostTls, other: HostTls): boolean {
  return one.secret !== other.secret || one.lowest !== other.lowest || one.highest !== other.highest;
}

export function drawnTlsProblem(
  ingress: Ingress,
  host: string,
  first: HostTls,
  { secret }: HostTls,
): Problem {
  const place = `${first.by.file}${first.by.line ? `:${first.by.line}` : ""}`;
  return problemOf(ingress, {
    ...{ code: "ambiguous-route", level: "warning", field: "spec.tls" },
    message: `Ingress ${ingressName(ingress)} and Ingress ${first.by.namespace}/${first.by.name} (${place}) have TLS for ${host}: Secret ${secret} and ${first.secret}. Contour keeps one of them, drawn anew at each rebuild. Here it is the first.`,
    fix: "Name one Secret and the same TLS versions in both.",
  });
}
