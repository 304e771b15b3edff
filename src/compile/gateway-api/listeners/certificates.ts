import { X509Certificate } from "node:crypto";
import { type JsonObject, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { CustomResource, Secret } from "../../../model/resource.ts";
import { ingressName } from "../../problem.ts";
import type { GatewayObjects } from "../objects.ts";
import type { StatusFault } from "../status/condition.ts";

export interface ListenerCertificates {
  /** Usable ones, in order. */
  readonly usable: readonly NamedCertificate[];
  readonly faults: readonly StatusFault[];
}

export interface NamedCertificate {
  readonly secret: string;
  /** The names that it is for, lower case. `undefined`: not in the files, so issued here. */
  readonly names: readonly string[] | undefined;
}

/** The certificates that a listener's `tls` names. */
export function certificatesOf(
  owner: CustomResource,
  refs: Parameters<typeof jsonItems>[0],
  objects: GatewayObjects,
): ListenerCertificates {
  const usable: NamedCertificate[] = [];
  const faults: StatusFault[] = [];
  const unread: StatusFault[] = [];
  for (const [at, item] of jsonItems(refs).entries()) {
    const fields = jsonFields(item);
    const namespace = jsonString(fields.namespace) ?? owner.metadata.namespace;
    const name = jsonString(fields.name) ?? "";
    const secret = `${namespace}/${name}`;
    const ref = `certificate refs ${at}:`;
    const wrong = wrongPartOf(fields);
    if (wrong !== undefined) {
      faults.push(invalid(`${ref} Listener's TLS certificate ref ${wrong}.`));
      continue;
    }
    const from = { kind: owner.kind, namespace: owner.metadata.namespace };
    if (!objects.grants(from, { kind: "Secret", namespace, name })) {
      const message = `${ref} Certificate ref to secret ${secret} not permitted by any ReferenceGrant.`;
      faults.push({ reason: "RefNotPermitted", message });
      continue;
    }
    const found = objects.secret(secret);
    if (found === undefined) {
      if (objects.mayIssue) usable.push({ secret, names: undefined });
      else faults.push(invalid(`${ref} Secret ${secret} does not exist.`));
      continue;
    }
    if (found.type !== "kubernetes.io/tls") {
      faults.push(invalid(`${ref} Secret ${secret} must be of type kubernetes.io/tls.`));
      continue;
    }
    const names = namesOf(found);
    if (names === undefined) unread.push(invalid(unreadable(found)));
    else usable.push({ secret, names });
  }
  // Where no text is a certificate, nothing else is said (validate.go).
  return { usable, faults: usable.length === 0 && unread.length > 0 ? unread : [...faults, ...unread] };
}

function wrongPartOf({ group, kind }: JsonObject): string | undefined {
  if ((jsonString(group) ?? "") !== "") return "group must be unspecified/empty";
  return (kind ?? "Secret") === "Secret" ? undefined : "kind must be Secret";
}

function invalid(message: string): StatusFault {
  return { reason: "InvalidCertificateRef", message };
}

function unreadable(secret: Secret): string {
  return `${ingressName(secret)} must contain valid tls.crt and tls.key, unable to validate certificate in tls.crt: unable to decode pem data for certificate`;
}

function namesOf({ data }: Secret): readonly string[] | undefined {
  const pem = data.get("tls.crt");
  if (pem === undefined || data.get("tls.key") === undefined) return undefined;
  try {
    const { subjectAltName = "", subject } = new X509Certificate(pem);
    const names = [...subjectAltName.matchAll(/DNS:([^,\s]+)/g)].map(([, name = ""]) => name.toLowerCase());
    const [, common] = /^CN=(.+)$/m.exec(subject) ?? [];
    return names.length > 0 || common === undefined ? names : [common.toLowerCase()];
  } catch {
    return undefined;
  }
}
