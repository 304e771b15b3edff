import { lookup } from "node:dns/promises";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { userDataFolder } from "../../certs/folder.ts";
import { openStore } from "../../certs/store.ts";
import { safeJson } from "../../ui/json.ts";
import { colourFor } from "../../ui/style.ts";
import { UserError } from "../errors.ts";
import { systemHostsFile } from "../hosts/file.ts";
import type { Secret } from "../model/resource.ts";
import type { RouteTable } from "../model/route.ts";
import { hostsOf } from "./addresses.ts";
import { certificateFindings } from "./doctor/certificates.ts";
import { clockFindings, type Witness } from "./doctor/clock.ts";
import { contextFindings } from "./doctor/context.ts";
import { type Finding, findingLines } from "./doctor/finding.ts";
import { hostsFileFindings } from "./doctor/hosts-file.ts";
import { nameFindings } from "./doctor/names.ts";
import { portFindings } from "./doctor/ports.ts";
import { systemTrust } from "./doctor/trust.ts";
import type { Flags } from "./options/config.ts";
import { oneOf } from "./options/values.ts";
import type { Settings } from "./options.ts";
import { type Routing, readRouting, settingsFor } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

/**
 * `doctor`: looks at everything that `up` needs, changes nothing, and says what to do about what is not as it should
 * be. The exit status is 1 where `up` would not work.
 */
export async function doctorCommand(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { output, ...others } = flags;
  const form = output === undefined ? "text" : oneOf(["text", "json"])(output, "--output");
  const { settings } = await settingsFor(others, surroundings);
  const findings = await examine(others, settings, surroundings);
  const { stdout, env } = surroundings;
  if (form === "json") stdout.write(`${safeJson({ checks: findings })}\n`);
  else {
    const colour = colourFor(stdout, env);
    stdout.write(`${findings.flatMap((finding) => findingLines(finding, colour)).join("\n")}\n`);
  }
  return findings.some(({ state }) => state === "error") ? 1 : 0;
}

async function examine(
  flags: Flags,
  settings: Settings,
  surroundings: Surroundings,
): Promise<readonly Finding[]> {
  const cluster = await contextFindings({
    place: { file: settings.kubeconfig, env: surroundings.env },
    context: settings.context,
    namespaces: settings.allNamespaces ? undefined : settings.namespace,
  });
  const manifests = await readManifests(flags, surroundings, cluster.reached);
  const hosts = manifests.table === undefined ? [] : hostsOf(manifests.table);
  const now = new Date();
  const folder = settings.certsDir ?? userDataFolder(surroundings.env, process.platform, homedir());
  const store = openStore(folder);
  const certificates = {
    store,
    folder,
    now,
    platform: process.platform,
    trustOf: (pem: string) => systemTrust(pem, process.platform),
  };
  return [
    ...manifests.findings,
    ...cluster.findings,
    ...(await portFindings(settings)),
    ...(settings.noHosts
      ? [left("hosts-file", "--no-hosts: the hosts file is left alone.")]
      : await hostsFileFindings(settings.hostsFile ?? systemHostsFile(), hosts, settings.httpPort)),
    ...(await nameFindings(hosts, addressesOf, settings.httpPort)),
    ...(await certificateFindings(certificates, manifests.table ?? { tlsHosts: [] }, manifests.secrets)),
    ...clockFindings(now, [
      ...(await store.list()).map(
        ({ namespace, secretName, notBefore }): Witness => ({
          who: `The begin of the certificate ${namespace}/${secretName}`,
          at: notBefore,
          should: "past",
        }),
      ),
      ...(await savedTimes(manifests.files)),
      ...cluster.witnesses,
    ]),
  ];
}

function left(check: Finding["check"], message: string): Finding {
  return { check, state: "ok", message };
}

interface Manifests {
  readonly table: RouteTable | undefined;
  readonly secrets: readonly Secret[];
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * What `up` would serve: manifests, else the cluster that answers. That there is nothing to serve is a finding like any
 * other.
 */
async function readManifests(
  flags: Flags,
  surroundings: Surroundings,
  reached: string | undefined,
): Promise<Manifests> {
  try {
    const routing = await readRouting(flags, surroundings);
    await routing.close();
    return {
      table: routing.table,
      secrets: routing.reading.snapshot.secrets,
      files: [...new Set(routing.reading.snapshot.ingresses.map(({ origin }) => origin.file))],
      findings: [served(routing), ...troubles(routing)],
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.code === "no-manifests" && reached !== undefined && flags.context === undefined)
      return readManifests({ ...flags, context: reached }, surroundings, reached);
    const finding: Finding = { check: "manifests", state: "error", message: error.message, next: error.fix };
    return { table: undefined, secrets: [], files: [], findings: [finding] };
  }
}

function served({ reading, table }: Routing): Finding {
  const routes = table.routes.length;
  const hosts = hostsOf(table).length;
  return {
    check: "manifests",
    state: routes === 0 ? "error" : "ok",
    message: `${reading.description}: ${routes} ${routes === 1 ? "route" : "routes"}, ${hosts} ${hosts === 1 ? "host" : "hosts"}.`,
    next: routes === 0 ? "ingress-dev routes says of each Ingress why it is not served." : undefined,
  };
}

function troubles({ problems }: Routing): readonly Finding[] {
  const count = (level: string) => problems.filter((problem) => problem.level === level).length;
  const [errors, warnings] = [count("error"), count("warning")];
  if (errors + warnings === 0) return [];
  const parts = [
    ...(errors === 0 ? [] : [`${errors} ${errors === 1 ? "error" : "errors"}`]),
    ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? "warning" : "warnings"}`]),
  ];
  const message = `They have ${parts.join(" and ")}.`;
  return [
    {
      check: "manifests",
      state: "warning",
      message,
      next: "ingress-dev routes shows each, with file and line.",
    },
  ];
}

async function addressesOf(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

async function savedTimes(files: readonly string[]): Promise<readonly Witness[]> {
  const times = await Promise.all(
    files.map(async (file): Promise<readonly Witness[]> => {
      const facts = await stat(file).catch(() => undefined);
      return facts === undefined
        ? []
        : [{ who: `The last change of ${file}`, at: facts.mtime, should: "past" }];
    }),
  );
  return times.flat();
}
