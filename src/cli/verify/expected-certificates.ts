import { groupsOf } from "../../../certs/groups.ts";
import { covers, lookupNames } from "../../../certs/names.ts";
import type { Pair } from "../../../certs/pair.ts";
import { checkSecret } from "../../../certs/secret-check.ts";
import type { Secret } from "../../model/resource.ts";
import type { RouteTable } from "../../model/route.ts";
import type { ExpectedCertificate } from "../../verify/judge/certificate.ts";

export interface CertificateFacts {
  readonly table: RouteTable;
  readonly secrets: readonly Secret[];
  /** Files may lack a Secret that the cluster has. */
  readonly absent: "unknown" | "fake";
  /** A host without a Secret gets the controller's own certificate. */
  readonly without: "fake" | "any";
}

/** Says which certificate a controller has for a name, chosen as in `certs`. */
export function expectedCertificates({
  table,
  secrets,
  absent,
  without,
}: CertificateFacts): (servername: string | undefined) => ExpectedCertificate {
  const { keys } = groupsOf(table.tlsHosts);
  const byName = new Map(
    secrets.map((secret) => [`${secret.metadata.namespace}/${secret.metadata.name}`, secret]),
  );
  const checked = new Map<string, Pick<Pair, "fingerprint256" | "names"> | undefined>();
  const readSecret = (key: string, secret: Secret) => {
    if (!checked.has(key)) {
      const found = checkSecret(secret);
      checked.set(key, found.kind === "good" ? found.pair : undefined);
    }
    return checked.get(key);
  };
  const preset = (): ExpectedCertificate => {
    const key = table.defaultCertificate;
    if (key === undefined) return { kind: without };
    const secret = byName.get(key);
    if (secret === undefined) return absent === "fake" ? { kind: "fake" } : { kind: "any" };
    const found = readSecret(key, secret);
    return found === undefined
      ? { kind: "fake" }
      : { kind: "secret", secret: key, fingerprint: found.fingerprint256 };
  };
  return (servername) => {
    const host = lookupNames(servername).find((name) => keys.has(name));
    const key = host === undefined ? undefined : keys.get(host);
    if (host === undefined || key === undefined) return preset();
    const secret = byName.get(key);
    if (secret === undefined) return absent === "fake" ? preset() : { kind: "secret", secret: key };
    const found = readSecret(key, secret);
    return found !== undefined && covers(found.names, host)
      ? { kind: "secret", secret: key, fingerprint: found.fingerprint256 }
      : preset();
  };
}
