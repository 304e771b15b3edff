import { checkSecret, secretProblems } from "../../../certs/secret-check.ts";
import { type CertificateStore, dueForRenewal, FAKE_NAMESPACE } from "../../../certs/store.ts";
import type { Secret } from "../../model/resource.ts";
import type { RouteTable } from "../../model/route.ts";
import { type Finding, finding } from "./finding.ts";
import { systemTrust } from "./trust.ts";

export interface CertificateCheck {
  readonly store: CertificateStore;
  readonly folder: string;
  readonly now: Date;
  readonly tlsHosts: RouteTable["tlsHosts"];
  readonly secrets: readonly Secret[];
}

export async function certificateFindings(check: CertificateCheck): Promise<readonly Finding[]> {
  const { store, folder, now } = check;
  const stored = (await store.list()).filter(({ namespace }) => namespace !== FAKE_NAMESPACE);
  const due = stored.filter((certificate) => dueForRenewal(certificate, now));
  const message =
    stored.length === 0
      ? `${folder} holds none yet: they are issued when they are needed.`
      : `${folder} holds ${stored.length}, each for up to a year.`;
  const findings = [
    finding("certificates", "ok", message),
    ...due.map(({ namespace, secretName, notAfter }) => {
      const end = notAfter.toISOString().slice(0, 10);
      const text = `${namespace}/${secretName} ends on ${end}: it is issued anew the next time it is served.`;
      return finding("certificates", "ok", text);
    }),
    ...(await store.unusable()).map(({ path, why }) => {
      const next =
        "Nothing has to be done: it is issued anew when it is needed. Delete the folder to be rid of it.";
      return finding("certificates", "warning", `${path} ${why}.`, next);
    }),
    ...secretFindings(check),
  ];
  // A certificate without names is for clients; no browser sees it.
  for (const { hosts, certPem, path } of stored)
    if (hosts.length > 0) findings.push(await trustFinding(hosts.join(", "), certPem, path ?? "FILE"));
  return findings;
}

function secretFindings({ tlsHosts, secrets, now }: CertificateCheck): readonly Finding[] {
  return secrets.flatMap((secret) => {
    const { namespace, name } = secret.metadata;
    const hosts = tlsHosts
      .filter((tls) => tls.namespace === namespace && tls.secretName === name)
      .map(({ host }) => host);
    if (hosts.length === 0) return [];
    return secretProblems(secret, checkSecret(secret), hosts, now).map(({ message, fix }) =>
      finding("certificates", "warning", `Secret ${namespace}/${name}: ${message}`, fix),
    );
  });
}

async function trustFinding(names: string, certPem: string, file: string): Promise<Finding> {
  const trust = await systemTrust(certPem, process.platform);
  if (trust === "trusted") return finding("trust", "ok", `${names}: trusted by this system.`);
  const message =
    trust === "untrusted"
      ? `${names}: signed by itself, and not trusted by this system: browsers warn, curl refuses it.`
      : `${names}: signed by itself; whether this system trusts it cannot be seen from here.`;
  const next = `For curl: --cacert ${file}. For everything on this system: ${trustCommand(file)}`;
  return finding("trust", "ok", message, next);
}

/** The operating system's own command for trusting a certificate. */
function trustCommand(file: string): string {
  if (process.platform === "darwin")
    return `security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db ${file}`;
  if (process.platform === "win32") return `certutil -user -addstore Root ${file}`;
  return `sudo cp ${file} /usr/local/share/ca-certificates/NAME.crt && sudo update-ca-certificates`;
}
