import { X509Certificate } from "node:crypto";
import type { Ingress, IngressTls, Secret } from "../../../model/resource.ts";

/** Entries by the names of their certificates (`*.` included); the first entry per name. */
export interface Covered {
  readonly byName: Map<string, Ranked>;
  /** The first entry whose certificate is issued here for all hosts of its Ingress. */
  everyHost: Ranked | undefined;
}

interface Ranked {
  readonly entry: IngressTls;
  readonly rank: number;
}

/** Hosts that one Ingress's `tls` section covers. Certificates are read on first use. */
export interface Coverage {
  /** The first entry per listed host. */
  readonly listed: ReadonlyMap<string, IngressTls>;
  readonly entries: () => Covered;
  readonly bySecret: () => ReadonlyMap<string, Covered>;
}

export function coverageOf(ingress: Ingress, secrets: ReadonlyMap<string, Secret>): Coverage {
  const { tls } = ingress.spec;
  const listed = new Map<string, IngressTls>();
  for (const entry of tls)
    for (const host of entry.hosts)
      if (!listed.has(host.toLowerCase())) listed.set(host.toLowerCase(), entry);
  let read: { readonly all: Covered; readonly bySecret: Map<string, Covered> } | undefined;
  const readOnce = () => {
    read ??= readEntries(tls, ingress.metadata.namespace, secrets);
    return read;
  };
  return { listed, entries: () => readOnce().all, bySecret: () => readOnce().bySecret };
}

/** The first entry valid for a name; a wildcard covers one label (Go's x509 VerifyHostname). */
export function covering({ byName, everyHost }: Covered, name: string): IngressTls | undefined {
  const candidates = [byName.get(name), byName.get(name.replace(/^[^.]+/, "*")), everyHost];
  return candidates.reduce((first, next) =>
    first === undefined || (next !== undefined && next.rank < first.rank) ? next : first,
  )?.entry;
}

function readEntries(tls: readonly IngressTls[], namespace: string, secrets: ReadonlyMap<string, Secret>) {
  const all: Covered = { byName: new Map(), everyHost: undefined };
  const bySecret = new Map<string, Covered>();
  const named = new Map<string, readonly string[] | undefined>();
  for (const [rank, entry] of tls.entries()) {
    const { secretName } = entry;
    if (secretName === undefined) continue;
    if (!named.has(secretName)) named.set(secretName, namesOf(secrets.get(`${namespace}/${secretName}`)));
    const own = bySecret.get(secretName) ?? { byName: new Map(), everyHost: undefined };
    bySecret.set(secretName, own);
    const names = named.get(secretName) ?? entry.hosts;
    for (const covered of [all, own]) {
      // A missing Secret is issued here: for its entry's hosts, else for every host of its Ingress.
      if (named.get(secretName) === undefined && names.length === 0) covered.everyHost ??= { entry, rank };
      for (const name of names) {
        const key = name.toLowerCase();
        if (!covered.byName.has(key)) covered.byName.set(key, { entry, rank });
      }
    }
  }
  return { all, bySecret };
}

/** The names of a Secret's certificate: empty if unreadable, `undefined` without Secret. */
function namesOf(secret: Secret | undefined): readonly string[] | undefined {
  if (secret === undefined) return undefined;
  const pem = secret.data.get("tls.crt");
  try {
    const names = pem === undefined ? undefined : new X509Certificate(pem).subjectAltName;
    return (names ?? "").split(", ").flatMap((name) => (name.startsWith("DNS:") ? [name.slice(4)] : []));
  } catch {
    return [];
  }
}
