import type { Problem } from "../src/model/problem.ts";
import type { Secret } from "../src/model/resource.ts";
import type { TlsHost } from "../src/model/route.ts";
import { groupsOf } from "./groups.ts";
import { absentSecret, checkSecret, secretProblems } from "./secret-check.ts";

/**
 * Problems of the certificates that a table's hosts name, in host order, as in `Certificates`. A missing
 * Secret is one only with `--exact`. Takes about 2 ms per Secret.
 */
export function certificateProblems(
  tlsHosts: readonly TlsHost[],
  secrets: readonly Secret[],
  now: Date,
  absent: "issued" | "fake",
): readonly Problem[] {
  const { groups, problems } = groupsOf(tlsHosts);
  const byName = new Map(
    secrets.map((secret) => [`${secret.metadata.namespace}/${secret.metadata.name}`, secret]),
  );
  const found = groups.flatMap((group) => {
    const secret = byName.get(group.key);
    if (secret !== undefined) return secretProblems(secret, checkSecret(secret), group.hosts, now);
    return absent === "fake" ? [absentSecret(group)] : [];
  });
  return [...problems, ...found];
}
