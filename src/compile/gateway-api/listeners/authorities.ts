import { X509Certificate } from "node:crypto";
import { type Json, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { GatewayObjects } from "../objects.ts";

/** The authorities that `caCertificateRefs` name. */
export interface Authorities {
  /** PEM, one after the other. `""`: none can be used */
  readonly pem: string;
  readonly faults: readonly AuthorityFault[];
}

/** "kind": it names neither ConfigMap nor Secret. "grant": another namespace does not allow it. "ref": anything else. */
export interface AuthorityFault {
  readonly about: "kind" | "grant" | "ref";
  readonly message: string;
}

/** `from`: the kind and the namespace of the object that names them */
export function authoritiesOf(
  refs: Json | undefined,
  from: { readonly kind: string; readonly namespace: string; readonly group?: string },
  objects: GatewayObjects,
): Authorities {
  const faults: AuthorityFault[] = [];
  const pem: string[] = [];
  for (const item of jsonItems(refs)) {
    const fields = jsonFields(item);
    const kind = jsonString(fields.kind) ?? "ConfigMap";
    const name = jsonString(fields.name) ?? "";
    const namespace = jsonString(fields.namespace) ?? from.namespace;
    const isKnown = (kind === "ConfigMap" || kind === "Secret") && (fields.group ?? "") === "";
    const shown = kind.toLowerCase();
    if (!isKnown) faults.push({ about: "kind", message: `unsupported CACertificateRef kind: ${kind}` });
    else if (!objects.grants(from, { kind, namespace, name })) {
      const message = `CACertificateRef to ${shown} ${namespace}/${name} not permitted by any ReferenceGrant`;
      faults.push({ about: "grant", message });
    } else {
      const found = authorityIn(kind, `${namespace}/${name}`, objects);
      if (found === undefined) {
        const message = `${shown} ${name} not found in namespace ${namespace}`;
        faults.push({ about: "ref", message });
      } else if (isCertificate(found)) pem.push(found);
      else faults.push({ about: "ref", message: `no ca found in ${shown} ${name}` });
    }
  }
  return { pem: pem.join("\n"), faults };
}

/** `ca.crt`, `""` without one. `undefined`: there is no such object */
function authorityIn(kind: string, key: string, objects: GatewayObjects): string | undefined {
  if (kind === "ConfigMap") {
    const found = objects.configMap(key);
    return found && (found.data.get("ca.crt") ?? "");
  }
  const found = objects.secret(key);
  return found && (found.data.get("ca.crt")?.toString("latin1") ?? "");
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
