import { checkSecret } from "../../../certs/secret-check.ts";
import { type Naming, RESET_TLS } from "../../diff/behaviour.ts";
import { matchTls } from "../../match/tls.ts";
import type { Secret } from "../../model/resource.ts";
import type { RouteTable } from "../../model/route.ts";
import { hostNameOf, wildcardOf } from "../../request/host.ts";
import type { Routing } from "../routing.ts";

type Reading = Pick<Routing["reading"], "snapshot">;

/**
 * Secrets in words, by name: those whose certificate or key is another one on the other side. One that a side lacks may be
 * in the cluster, and be the same.
 */
export function secretsBeside({ snapshot }: Reading, other: Reading): ReadonlyMap<string, string> {
  const others = new Map(other.snapshot.secrets.map((secret) => [nameOf(secret), secret]));
  const words = new Map<string, string>();
  for (const secret of snapshot.secrets) {
    const beside = others.get(nameOf(secret));
    if (beside !== undefined && !isSamePair(secret, beside)) words.set(nameOf(secret), inWords(secret));
  }
  return words;
}

function nameOf({ metadata: { namespace, name } }: Secret): string {
  return `${namespace}/${name}`;
}

function isSamePair({ data: a }: Secret, { data: b }: Secret): boolean {
  return ["tls.crt", "tls.key"].every((part) => {
    const [own, other] = [a.get(part), b.get(part)];
    return own === undefined || other === undefined ? own === other : own.equals(other);
  });
}

/** Enough of a fingerprint to tell two apart. unit: chars */
const SHOWN = 23;

function inWords(secret: Secret): string {
  const found = checkSecret(secret);
  if (found.kind === "bad") return `${nameOf(secret)}, which cannot be used: ${found.why}`;
  return `${nameOf(secret)} with SHA-256 ${found.pair.fingerprint256.slice(0, SHOWN)}…`;
}

/** The host's own Secret, else a wildcard's, else the default one; or what becomes of TLS in place of that. */
export function certificateNames({
  table,
  service,
  secrets,
}: {
  readonly table: RouteTable;
  readonly service: Naming["service"];
  readonly secrets: ReadonlyMap<string, string>;
}): Naming["certificate"] {
  const byHost = new Map(
    table.tlsHosts.map(({ host, namespace, secretName }) => [host, `${namespace}/${secretName}`]),
  );
  const secretOf = (name: string) =>
    byHost.get(name) ?? byHost.get(wildcardOf(name) ?? "") ?? table.defaultCertificate;
  return ({ facts }) => {
    const name = hostNameOf(table, facts);
    const tls = matchTls(table, name);
    if (tls.kind === "reject")
      return tls.by === "reset" ? RESET_TLS : "TLS is refused (ssl-reject-handshake)";
    if (tls.kind === "pass")
      return `the backend's own: TLS goes on to ${service(tls.backend)} (ssl-passthrough)`;
    const secret = secretOf(name);
    return secret && (secrets.get(secret) ?? secret);
  };
}
