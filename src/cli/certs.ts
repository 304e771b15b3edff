import { homedir } from "node:os";
import { join } from "node:path";
import { userDataFolder } from "../../certs/folder.ts";
import type { CertificateRow } from "../../certs/list.ts";
import { certificateRows } from "../../certs/list.ts";
import { secretYaml } from "../../certs/secret.ts";
import type { CertificateStore, StoredCertificate } from "../../certs/store.ts";
import { openStore } from "../../certs/store.ts";
import { printable } from "../../ui/printable.ts";
import { safeJson } from "../../ui/safe-json.ts";
import { closest } from "../closest.ts";
import { UserError } from "../errors.ts";
import type { Secret } from "../model/resource.ts";
import type { RouteTable } from "../model/route.ts";
import { readFiles } from "../source/files.ts";
import { columns } from "./forms/columns.ts";
import type { Config, Flags } from "./options/config.ts";
import { oneOf, text } from "./options/values.ts";
import type { Settings } from "./options.ts";
import { reportWarning } from "./report.ts";
import type { Routing } from "./routing.ts";
import { readRoutings, settingsFor } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

function folderOf({ certsDir }: Settings, { env }: Surroundings): string {
  return certsDir ?? userDataFolder(env, process.platform, homedir());
}

/** Secrets of explicitly named manifests; listing stored certificates must not search the current folder. */
async function namedSecrets({ settings }: Config, { stdin }: Surroundings): Promise<readonly Secret[]> {
  if (settings.filename === undefined) return [];
  const { snapshot } = await readFiles(settings.filename, { stdin });
  return snapshot.secrets;
}

function rowText({ namespace, secret, hosts, notAfter, from, path }: CertificateRow): string {
  // A certificate without names was made up by `up` for clients.
  const names = hosts.length === 0 ? "(clients)" : hosts.join(",");
  return [namespace, secret, names, notAfter, from, path].map(printable).join("\t");
}

/** `certs list`: every issued certificate, and the Secrets of named manifests. */
export async function certsList(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { output, ...others } = flags;
  const form = output === undefined ? "text" : oneOf(["text", "json"])(output, "--output");
  const config = await settingsFor(others, surroundings);
  const dir = folderOf(config.settings, surroundings);
  const store = openStore(dir);
  const [stored, unusable, secrets] = await Promise.all([
    store.list(),
    store.unusable(),
    namedSecrets(config, surroundings),
  ]);
  const rows = certificateRows(stored, secrets);
  const { stdout } = surroundings;
  if (form === "json") {
    stdout.write(`${safeJson({ folder: dir, certificates: rows, unusable })}\n`);
    return 0;
  }
  if (rows.length === 0) stdout.write(`${dir} holds no certificates yet.\n`);
  else {
    const header = "NAMESPACE\tSECRET\tHOSTS\tEXPIRES\tFROM\tPATH";
    stdout.write(`${columns([header, ...rows.map(rowText)]).join("\n")}\n`);
  }
  for (const { path, why } of unusable) reportWarning("certs-unusable", `${path} ${why}.`, surroundings);
  return 0;
}

/** A Secret name for a host; `wildcard.basic1.com` for `*.basic1.com`. */
function secretNameFor(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\*\./, "wildcard.")
    .replaceAll(/[^a-z0-9.-]/g, "-");
}

async function issue(
  store: CertificateStore,
  wanted: { readonly namespace: string; readonly secretName: string; readonly hosts: readonly string[] },
  surroundings: Surroundings,
): Promise<StoredCertificate> {
  const certificate = await store.ensure(wanted, new Date());
  if (certificate.warning !== undefined) {
    reportWarning(certificate.warning.code, certificate.warning.message, surroundings);
  }
  return certificate;
}

/** `certs issue HOST…`: one certificate for all hosts; prints the paths of certificate and key. */
export async function certsIssue(
  hosts: readonly string[],
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { settings } = await settingsFor(flags, surroundings);
  const store = openStore(folderOf(settings, surroundings));
  const wanted = { namespace: "default", secretName: secretNameFor(hosts[0] ?? ""), hosts };
  const { path, certPem, keyPem } = await issue(store, wanted, surroundings);
  // In an unwritable folder it prints the certificate itself.
  const lines = path === undefined ? `${certPem}${keyPem}` : `${path}\n${join(path, "..", "tls.key")}\n`;
  surroundings.stdout.write(lines);
  return 0;
}

interface SecretRef {
  readonly namespace: string;
  readonly name: string;
}

function secretNamed(
  name: string,
  namespace: string | undefined,
  tlsHosts: RouteTable["tlsHosts"],
  { reading }: Routing,
): SecretRef {
  const used = tlsHosts.map((host) => ({ namespace: host.namespace, name: host.secretName }));
  const written = reading.snapshot.secrets
    .filter(({ data }) => data.has("tls.crt"))
    .map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
  const all = [...used, ...written].filter((secret) => secret.name !== "");
  const named = all.filter(
    (secret) => secret.name === name && (namespace ?? secret.namespace) === secret.namespace,
  );
  const namespaces = [...new Set(named.map((secret) => secret.namespace))];
  const [only, another] = namespaces;
  if (only === undefined) {
    const meant = closest(
      name,
      all.map((secret) => secret.name),
    );
    const names = [...new Set(all.map((secret) => `${secret.namespace}/${secret.name}`))];
    const known = names.length === 0 ? "They name none." : `They name ${names.join(", ")}.`;
    throw new UserError(
      "no-such-secret",
      `The manifests name no TLS Secret ${namespace === undefined ? "" : `${namespace}/`}${name}.`,
      meant === undefined ? known : `Did you mean ${meant}? ${known}`,
    );
  }
  if (another !== undefined) {
    throw new UserError(
      "no-such-secret",
      `${name} is the name of a Secret in ${namespaces.join(" and ")}.`,
      `Say which: ingress-dev certs secret ${name} -n ${only}`,
    );
  }
  return { namespace: only, name };
}

/** `certs secret NAME`: the manifest's Secret as YAML, or one issued for the hosts that name it. */
export async function certsSecret(name: string, flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { namespace, ...others } = flags;
  const isOfCluster = flags.context !== undefined || flags.kubeconfig !== undefined;
  const place = isOfCluster && namespace !== undefined ? { namespace } : {};
  const { all, close } = await readRoutings({ ...others, ...place }, surroundings);
  await close();
  // Manifests and settings of certificates are the same for all controllers.
  const [routing] = all;
  const tlsHosts = all.flatMap(({ table }) => table.tlsHosts);
  const wantedNamespace = namespace === undefined ? undefined : text(namespace, "--namespace");
  const secret = secretNamed(name, wantedNamespace, tlsHosts, routing);
  const written = routing.reading.snapshot.secrets.find(
    ({ metadata }) => metadata.namespace === secret.namespace && metadata.name === name,
  );
  if (written !== undefined) {
    const part = (key: string) => written.data.get(key)?.toString("utf8") ?? "";
    surroundings.stdout.write(secretYaml(name, secret.namespace, part("tls.crt"), part("tls.key")));
    return 0;
  }
  const hosts = tlsHosts
    .filter((host) => host.namespace === secret.namespace && host.secretName === name)
    .map(({ host }) => host);
  const store = openStore(folderOf(routing.settings, surroundings));
  const wanted = { namespace: secret.namespace, secretName: name, hosts: [...new Set(hosts)] };
  const { certPem, keyPem } = await issue(store, wanted, surroundings);
  surroundings.stdout.write(secretYaml(name, secret.namespace, certPem, keyPem));
  return 0;
}
