import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Code, UserError } from "../src/errors.ts";
import type { ControllerCertificate } from "../src/model/tls/own-certificate.ts";
import { type FolderContents, messageOf, readFolder, writeFolder } from "./files.ts";
import { commonNameFor, issueCertificate, type Profile } from "./issue.ts";
import { newRsaKeyPair, type RsaKeyPair } from "./keys.ts";
import { altNameOf, altNamesOf } from "./names.ts";
import { type Pair, readPair } from "./pair.ts";
import { requireSecretName } from "./secret-name.ts";

/** A certificate is issued again when less of its validity is left. */
const RENEW_BEFORE_MS = 30 * 86_400_000;

/**
 * Place of the controller's fake certificate: `DIR/_fake/ingress.local/`. A namespace cannot have this name (RFC 1123
 * labels have no underscore), so no Secret can take its place.
 */
export const FAKE_NAMESPACE = "_fake";

/** The names of the controller's fake certificate (ingress-nginx, internal/net/ssl/ssl.go, GetFakeSSLCert). */
const FAKE = {
  secretName: "ingress.local",
  hosts: ["ingress.local"],
  commonName: "Kubernetes Ingress Controller Fake Certificate",
  organization: "Acme Co",
} as const satisfies ControllerCertificate;

interface StoreWarning {
  readonly code: Code;
  readonly message: string;
}

export interface StoredCertificate {
  readonly namespace: string;
  readonly secretName: string;
  readonly hosts: readonly string[];
  readonly certPem: string;
  readonly keyPem: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly fingerprint256: string;
  /** The place of `tls.crt`, with `tls.key` beside it. `undefined`: the folder could not be written. */
  readonly path?: string | undefined;
  readonly warning?: StoreWarning | undefined;
}

interface WantedCertificate {
  readonly namespace: string;
  readonly secretName: string;
  readonly hosts: readonly string[];
}

interface UnusableFolder {
  readonly path: string;
  readonly why: string;
}

export interface CertificateStore {
  /**
   * The certificate of a Secret that exists only here. The stored one is used if it is for exactly these hosts, valid
   * now and for 30 more days. Its key must be readable by nobody else (mode 0600 or stricter). Else a new one takes its
   * place. A certificate that cannot be stored stays in memory, with a warning.
   *
   * @throws UserError `bad-secret-name`, `bad-certificate-host`
   */
  ensure(wanted: WantedCertificate, now: Date): Promise<StoredCertificate>;
  /** The controller's certificate for unknown names (default: ingress-nginx's), stored and renewed as the others are. */
  ensureFake(now: Date, names?: ControllerCertificate): Promise<StoredCertificate>;
  /** All stored certificates, by namespace and name; none when the folder does not exist. */
  list(): Promise<readonly StoredCertificate[]>;
  /** Folders that `list` leaves out because it cannot read them. They are issued again when needed. */
  unusable(): Promise<readonly UnusableFolder[]>;
}

/** Opens the store in a folder, which need not exist. */
export function openStore(
  dir: string,
  newKeyPair: () => Promise<RsaKeyPair> = newRsaKeyPair,
): CertificateStore {
  const ensure = async (wanted: Wanted, now: Date): Promise<StoredCertificate> => {
    const folder = join(dir, wanted.namespace, wanted.secretName);
    const found = await readFolder(folder);
    if (found.kind === "pair" && reusable(found, wanted.hosts, now))
      return stored(wanted, found.pair, folder);
    const keyPair = await newKeyPair();
    const issued = await issueCertificate({ ...wanted, now, keyPair });
    const pair = readPair(issued.certPem, issued.keyPem);
    if ("why" in pair) throw new Error(`A certificate just issued is no good: ${pair.part} ${pair.why}`);
    const exposed = found.kind === "pair" && found.exposed ? exposedWarning(folder) : undefined;
    try {
      const theirs = await writeFolder(folder, issued, (found) => reusable(found, wanted.hosts, now));
      return stored(wanted, theirs ?? pair, folder, exposed);
    } catch (error) {
      const message = `Certificates cannot be stored in ${dir} and last only until ingress-dev stops: ${messageOf(error)}.`;
      return stored(wanted, pair, undefined, { code: "certs-not-stored", message });
    }
  };
  return {
    async ensure(wanted, now) {
      requireSecretName(wanted.namespace, wanted.secretName);
      const wrong = wanted.hosts.find((host) => altNameOf(host) === undefined);
      if (wrong !== undefined) {
        throw new UserError("bad-certificate-host", `${JSON.stringify(wrong)} cannot be in a certificate.`);
      }
      const commonName = commonNameFor(wanted.hosts, wanted.secretName);
      return await ensure({ ...wanted, commonName, profile: "openssl-req" }, now);
    },
    ensureFake: (now, names = FAKE) =>
      ensure({ ...names, namespace: FAKE_NAMESPACE, profile: "controller-fake" }, now),
    list: async () => (await survey(dir)).certificates,
    unusable: async () => (await survey(dir)).unusable,
  };
}

interface Wanted extends WantedCertificate {
  readonly commonName: string;
  readonly organization?: string | undefined;
  readonly profile: Profile;
}

/** For these hosts, not too old, and not from the future (a clock that was set back). */
function reusable(found: FolderContents, hosts: readonly string[], now: Date): boolean {
  if (found.kind !== "pair" || found.exposed) return false;
  const { pair } = found;
  const wanted = new Set(altNamesOf(hosts).map(({ value }) => value));
  const has = new Set(pair.altNames);
  const sameHosts = wanted.size === has.size && [...wanted].every((name) => has.has(name));
  return sameHosts && !dueForRenewal(pair, now);
}

/** Not valid yet, or not for 30 more days. */
export function dueForRenewal(certificate: Pick<Pair, "notBefore" | "notAfter">, now: Date): boolean {
  const left = certificate.notAfter.getTime() - now.getTime();
  return certificate.notBefore.getTime() > now.getTime() || left < RENEW_BEFORE_MS;
}

function exposedWarning(folder: string): StoreWarning {
  return {
    code: "certs-key-exposed",
    message: `Other users of this computer could read ${join(folder, "tls.key")}, so a new key and certificate took its place.`,
  };
}

function stored(
  name: Pick<WantedCertificate, "namespace" | "secretName">,
  pair: Pair,
  folder: string | undefined,
  warning?: StoreWarning,
): StoredCertificate {
  return {
    namespace: name.namespace,
    secretName: name.secretName,
    hosts: pair.altNames,
    certPem: pair.certPem,
    keyPem: pair.keyPem,
    notBefore: pair.notBefore,
    notAfter: pair.notAfter,
    fingerprint256: pair.fingerprint256,
    path: folder === undefined ? undefined : join(folder, "tls.crt"),
    warning,
  };
}

async function survey(dir: string): Promise<{
  readonly certificates: readonly StoredCertificate[];
  readonly unusable: readonly UnusableFolder[];
}> {
  const certificates: StoredCertificate[] = [];
  const unusable: UnusableFolder[] = [];
  for (const namespace of await folders(dir)) {
    for (const secretName of await folders(join(dir, namespace))) {
      const folder = join(dir, namespace, secretName);
      const found = await readFolder(folder);
      if (found.kind === "pair") certificates.push(stored({ namespace, secretName }, found.pair, folder));
      if (found.kind === "unusable") unusable.push({ path: folder, why: found.why });
    }
  }
  return { certificates, unusable };
}

/** Folders in a folder, sorted. A name with a dot first is a pair on its way in or out. */
async function folders(dir: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
    return names.map((entry) => entry.name).sort();
  } catch {
    return [];
  }
}
