import { checkSecret, secretProblems } from "../../../certs/secret-check.ts";
import { type CertificateStore, dueForRenewal, FAKE_NAMESPACE } from "../../../certs/store.ts";
import type { Secret } from "../../model/resource.ts";
import type { RouteTable } from "../../model/route.ts";
import type { Finding } from "./finding.ts";

/** Whether the system's own trust store has a certificate; `unknown` where it cannot be asked. */
export type Trust = "trusted" | "untrusted" | "unknown";

/** What looking at certificates needs. */
export interface CertificateWorld {
  readonly store: CertificateStore;
  readonly folder: string;
  readonly now: Date;
  readonly trustOf: (certPem: string) => Promise<Trust>;
  readonly platform: NodeJS.Platform;
}

/** Every certificate that https is served with: those stored, and the Secrets of the manifests. */
export async function certificateFindings(
  world: CertificateWorld,
  table: Pick<RouteTable, "tlsHosts">,
  secrets: readonly Secret[],
): Promise<readonly Finding[]> {
  const { store, folder, now } = world;
  const stored = (await store.list()).filter(({ namespace }) => namespace !== FAKE_NAMESPACE);
  const unusable = await store.unusable();
  const check = "certificates";
  const due = stored.filter((certificate) => dueForRenewal(certificate, now));
  const findings: Finding[] = [
    stored.length === 0
      ? { check, state: "ok", message: `${folder} holds none yet: they are issued when they are needed.` }
      : { check, state: "ok", message: `${folder} holds ${stored.length}, each for up to a year.` },
    ...due.map(({ namespace, secretName, notAfter }): Finding => {
      const end = notAfter.toISOString().slice(0, 10);
      const message = `${namespace}/${secretName} ends on ${end}: it is issued anew the next time it is served.`;
      return { check, state: "ok", message };
    }),
    ...unusable.map(
      ({ path, why }): Finding => ({
        check,
        state: "warning",
        message: `${path} ${why}.`,
        next: "Nothing has to be done: it is issued anew when it is needed. Delete the folder to be rid of it.",
      }),
    ),
    ...secretFindings(table, secrets, now),
  ];
  // One without names is a client's: no browser is shown it.
  const shown = stored.filter(({ hosts }) => hosts.length > 0);
  for (const certificate of shown) findings.push(await trustFinding(certificate, world));
  return findings;
}

function secretFindings(
  { tlsHosts }: Pick<RouteTable, "tlsHosts">,
  secrets: readonly Secret[],
  now: Date,
): readonly Finding[] {
  return secrets.flatMap((secret) => {
    const { namespace, name } = secret.metadata;
    const hosts = tlsHosts
      .filter((tls) => tls.namespace === namespace && tls.secretName === name)
      .map(({ host }) => host);
    if (hosts.length === 0) return [];
    const problems = secretProblems(secret, checkSecret(secret), hosts, now);
    return problems.map(
      ({ message, fix }): Finding => ({
        check: "certificates",
        state: "warning",
        message: `Secret ${namespace}/${name}: ${message}`,
        next: fix,
      }),
    );
  });
}

async function trustFinding(
  {
    hosts,
    certPem,
    path,
  }: { readonly hosts: readonly string[]; readonly certPem: string; readonly path?: string | undefined },
  { trustOf, platform }: CertificateWorld,
): Promise<Finding> {
  const check = "trust";
  const names = hosts.join(", ");
  const trust = await trustOf(certPem);
  if (trust === "trusted") return { check, state: "ok", message: `${names}: trusted by this system.` };
  const file = path ?? "FILE";
  const message =
    trust === "untrusted"
      ? `${names}: signed by itself, and not trusted by this system: browsers warn, curl refuses it.`
      : `${names}: signed by itself; whether this system trusts it cannot be seen from here.`;
  return {
    check,
    state: "ok",
    message,
    next: `For curl: --cacert ${file}. For everything on this system: ${trustCommand(platform, file)}`,
  };
}

/** How a certificate is put into the trust store of an operating system, as its own documentation has it. */
function trustCommand(platform: NodeJS.Platform, file: string): string {
  if (platform === "darwin")
    return `security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db ${file}`;
  if (platform === "win32") return `certutil -user -addstore Root ${file}`;
  return `sudo cp ${file} /usr/local/share/ca-certificates/NAME.crt && sudo update-ca-certificates`;
}
