import { lookup } from "node:dns/promises";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { userDataFolder } from "../../certs/folder.ts";
import { openStore } from "../../certs/store.ts";
import { safeJson } from "../../ui/safe-json.ts";
import { colourFor } from "../../ui/style.ts";
import { counted } from "../counted.ts";
import { UserError } from "../errors.ts";
import { systemHostsFile } from "../hosts/file.ts";
import type { Secret } from "../model/resource.ts";
import type { RouteTable } from "../model/route.ts";
import { hostsOf } from "./addresses.ts";
import { certificateFindings } from "./doctor/certificates.ts";
import { clockFindings, type RecordedTime } from "./doctor/clock.ts";
import { contextFindings } from "./doctor/context.ts";
import { errorFinding, type Finding, finding, findingLines } from "./doctor/finding.ts";
import { hostsFileFindings } from "./doctor/hosts-file.ts";
import { nameFindings } from "./doctor/names.ts";
import { portFindings } from "./doctor/ports.ts";
import type { Flags } from "./options/config.ts";
import { oneOf } from "./options/values.ts";
import type { Settings } from "./options.ts";
import { type Routing, type Routings, readRoutings, settingsFor } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

/** Checks everything that `up` needs and changes nothing. Exit status 1: `up` would not work. */
export async function doctorCommand(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { output, ...others } = flags;
  const form = output === undefined ? "text" : oneOf(["text", "json"])(output, "--output");
  const { settings } = await settingsFor(others, surroundings);
  const findings = await examine(others, settings, surroundings);
  const { stdout, env } = surroundings;
  if (form === "json") stdout.write(`${safeJson({ checks: findings })}\n`);
  else {
    const colour = colourFor(stdout, env);
    stdout.write(`${findings.flatMap((each) => findingLines(each, colour)).join("\n")}\n`);
  }
  return findings.some(({ state }) => state === "error") ? 1 : 0;
}

async function examine(
  flags: Flags,
  settings: Settings,
  surroundings: Surroundings,
): Promise<readonly Finding[]> {
  const cluster = await contextFindings(settings, surroundings);
  const examined = await examineManifests(flags, surroundings, cluster.reached);
  const { tables, secrets, files, findings } = examined;
  const hosts = [...new Set(tables.flatMap(hostsOf))];
  const tlsHosts = tables.flatMap((table) => table.tlsHosts);
  const ports: (readonly Finding[])[] = [];
  for (const each of examined.settings ?? [settings]) ports.push(await portFindings(each));
  const now = new Date();
  const folder = settings.certsDir ?? userDataFolder(surroundings.env, process.platform, homedir());
  const store = openStore(folder);
  return [
    ...findings,
    ...cluster.findings,
    ...ports.flat(),
    ...(settings.noHosts
      ? [finding("hosts-file", "ok", "--no-hosts: the hosts file is left alone.")]
      : await hostsFileFindings(settings.hostsFile ?? (await systemHostsFile()), hosts, settings.httpPort)),
    ...(await nameFindings(hosts, addressesOf, settings.httpPort)),
    ...(await certificateFindings({ store, folder, now, tlsHosts, secrets })),
    ...clockFindings(now, [
      ...(await store.list()).map(({ namespace, secretName, notBefore }) =>
        pastMoment(`The begin of the certificate ${namespace}/${secretName}`, notBefore),
      ),
      ...(await savedTimes(files)),
      ...cluster.witnesses,
    ]),
  ];
}

interface ExaminedManifests {
  /** Of each controller that is shown. */
  readonly tables: readonly RouteTable[];
  /** default: those of the options */
  readonly settings?: readonly Settings[];
  readonly secrets: readonly Secret[];
  readonly files: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Reads what `up` would serve: manifests, else the cluster that answers. Having nothing to serve is a finding
 * too.
 */
async function examineManifests(
  flags: Flags,
  surroundings: Surroundings,
  reached: string | undefined,
): Promise<ExaminedManifests> {
  try {
    const routings = await readRoutings(flags, surroundings);
    await routings.close();
    const { all } = routings;
    const { secrets, ingresses, custom } = all[0].reading.snapshot;
    return {
      tables: all.map(({ table }) => table),
      settings: all.map(({ settings }) => settings),
      secrets,
      files: [...new Set([...ingresses, ...custom].map(({ origin }) => origin.file))],
      findings: routingFindings(routings),
    };
  } catch (error) {
    if (error instanceof UserError && error.code === "no-manifests" && reached && flags.context === undefined)
      return examineManifests({ ...flags, context: reached }, surroundings, reached);
    return { tables: [], secrets: [], files: [], findings: [errorFinding("manifests", error)] };
  }
}

function routingFindings({ all, problems }: Routings): readonly Finding[] {
  const isEmpty = all.every(({ table }) => table.routes.length === 0);
  const size = all.map((routing) => sizeOf(routing, all.length)).join("; ");
  const [{ reading }] = all;
  const next = isEmpty ? "ingress-dev routes says of each Ingress why it is not served." : undefined;
  const served = finding("manifests", isEmpty ? "error" : "ok", `${reading.description}: ${size}.`, next);
  const counts = ["error", "warning"].flatMap((level) => {
    const count = problems.filter((problem) => problem.level === level).length;
    return count === 0 ? [] : [counted(count, level, `${level}s`)];
  });
  if (counts.length === 0) return [served];
  const message = `They have ${counts.join(" and ")}.`;
  return [
    served,
    finding("manifests", "warning", message, "ingress-dev routes shows each, with file and line."),
  ];
}

/** With the controller's name, where there are several. */
function sizeOf({ table, settings }: Routing, controllers: number): string {
  const [routes, hosts] = [table.routes.length, hostsOf(table).length];
  const size = `${counted(routes, "route", "routes")}, ${counted(hosts, "host", "hosts")}`;
  return controllers === 1 ? size : `${settings.controller}: ${size}`;
}

async function addressesOf(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function pastMoment(who: string, at: Date): RecordedTime {
  return { who, at, should: "past" };
}

async function savedTimes(files: readonly string[]): Promise<readonly RecordedTime[]> {
  const times = await Promise.all(
    files.map(async (file) => {
      const facts = await stat(file).catch(() => undefined);
      return facts === undefined ? [] : [pastMoment(`The last change of ${file}`, facts.mtime)];
    }),
  );
  return times.flat();
}
