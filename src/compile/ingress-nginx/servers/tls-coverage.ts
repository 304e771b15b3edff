import { X509Certificate } from "node:crypto";
import type { Ingress, IngressTls, Secret } from "../../../model/resource.ts";
import { query } from "../../query.ts";
import { SECRET_NAMED } from "../../world.ts";

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

/** The first entry of an Ingress's `tls` section per listed host. */
export const LISTED = query<Ingress, ReadonlyMap<string, IngressTls>>(
  "hosts of a tls section",
  ({ spec }) => {
    const listed = new Map<string, IngressTls>();
    for (const entry of spec.tls)
      for (const host of entry.hosts)
        if (!listed.has(host.toLowerCase())) listed.set(host.toLowerCase(), entry);
    return listed;
  },
);

interface CoveredNames {
  readonly all: Covered;
  readonly bySecret: ReadonlyMap<string, Covered>;
}

/** The names that the certificates of an Ingress's `tls` section are for. */
export const COVERED = query<Ingress, CoveredNames>("names of a tls section", (ingress, ask) => {
  const { namespace } = ingress.metadata;
  const all: Covered = { byName: new Map(), everyHost: undefined };
  const bySecret = new Map<string, Covered>();
  const named = new Map<string, readonly string[] | undefined>();
  for (const [rank, entry] of ingress.spec.tls.entries()) {
    const { secretName } = entry;
    if (secretName === undefined) continue;
    if (!named.has(secretName))
      named.set(secretName, namesOf(ask.for(SECRET_NAMED, `${namespace}/${secretName}`)));
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
});

/** The first entry valid for a name; a wildcard covers one label (Go's x509 VerifyHostname). */
export function covering({ byName, everyHost }: Covered, name: string): IngressTls | undefined {
  const candidates = [byName.get(name), byName.get(name.replace(/^[^.]+/, "*")), everyHost];
  return candidates.reduce((first, next) =>
    first === undefined || (next !== undefined && next.rank < first.rank) ? next : first,
  )?.entry;
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
