import type { Compiled, CompileOptions } from "../compile/compile.ts";
import { compile } from "../compile/compile.ts";
import { controllerNamed } from "../compile/controllers.ts";
import { UserError } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { RouteTable } from "../model/route.ts";
import type { Reading } from "../source/files.ts";
import { type Io, readFiles } from "../source/files.ts";
import { overlay } from "../source/overlay.ts";
import { atOnce } from "../steps.ts";
import type { ServiceMap } from "../upstream/map.ts";
import { parseMap } from "../upstream/map.ts";
import type { Resolver } from "../upstream/resolve.ts";
import { createResolver } from "../upstream/resolve.ts";
import { compileOptionsOf } from "./options/compile-options.ts";
import type { Config, Flags } from "./options/config.ts";
import { readConfig } from "./options/config.ts";
import type { ControllerSettings, Settings } from "./options.ts";
import { reportWarning } from "./report.ts";
import type { Cluster } from "./routing/cluster.ts";
import { type ControllerPart, choiceProblems, controllerParts } from "./routing/controllers.ts";
import { inForce } from "./routing/in-force.ts";
import { jointProblems } from "./routing/joint-problems.ts";
import { chooseInputs, chooseSources, requireIngresses, type Sources } from "./routing/manifests.ts";
import { openAuthentication } from "./routing/open-auth.ts";
import { unusedMaps } from "./routing/unused-maps.ts";
import type { Surroundings } from "./surroundings.ts";

/** Manifests read and compiled once, for `explain`, `routes` and `certs secret`. */
export interface Routing {
  readonly settings: ControllerSettings;
  /** Why the manifests chose this controller. default: an option did */
  readonly why: string | undefined;
  readonly reading: Reading;
  readonly compiled: Compiled;
  readonly table: RouteTable;
  readonly problems: readonly Problem[];
  readonly resolver: Resolver;
  /** `whole`: a cluster was read, so what is absent does not exist. */
  readonly completeness: "whole" | "partial";
  /** The cluster's namespace for manifests that name none. default: no cluster is read */
  readonly home: string | undefined;
  close(): Promise<void>;
}

/** The same manifests by each controller that is shown. */
export interface Routings {
  readonly all: readonly [Routing, ...Routing[]];
  /** Of the manifests and of all controllers. */
  readonly problems: readonly Problem[];
  close(): Promise<void>;
}

export function readMaps(settings: Settings): readonly ServiceMap[] {
  return settings.map.map(({ text, place }) => {
    try {
      return parseMap(text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(error.code, `${place}: ${error.message.replace(/^--map /, "")}`, error.fix);
    }
  });
}

/** Resolves a command's options and warns of unknown variables. */
export async function settingsFor(flags: Flags, surroundings: Surroundings): Promise<Config> {
  const config = await readConfig(flags, surroundings.env, surroundings.cwd);
  for (const warning of config.warnings) reportWarning("unknown-variable", warning, surroundings);
  return config;
}

/** `manifests`: ignores clusters that variables and the file name. A function reads what no option names. */
export type Which = "manifests" | "all that is named" | (() => Promise<Reading>);

async function readSources(
  config: Config,
  { stdin, env }: Surroundings,
  which: Which,
  { onText }: Pick<Io, "onText">,
): Promise<{ readonly reading: Reading; readonly cluster: Cluster | undefined }> {
  if (typeof which === "function") return { reading: await which(), cluster: undefined };
  const sources: Sources =
    which === "manifests" ? { cluster: "unnamed", inputs: chooseInputs(config) } : chooseSources(config);
  if (sources.cluster === "unnamed") {
    const reading = await readFiles(sources.inputs.paths, { stdin, onText });
    requireIngresses(sources.inputs, reading);
    return { reading, cluster: undefined };
  }
  const [{ openCluster }, { readCluster }] = await Promise.all([
    import("./routing/cluster.ts"),
    import("../source/cluster/cluster.ts"),
  ]);
  const cluster = await openCluster(config.settings, env);
  try {
    const { inputs } = sources;
    const disk = inputs && (await readFiles(inputs.paths, { stdin, namespace: cluster.home, onText }));
    const live = await readCluster(cluster);
    return { reading: disk === undefined ? live : overlay(disk, live), cluster };
  } catch (error) {
    cluster.api.close();
    throw error;
  }
}

/** Problems of TLS Secrets. The code for them is loaded only if there are some. */
async function ofCertificates(
  { tlsHosts }: RouteTable,
  { snapshot }: Reading,
  { exact }: Settings,
): Promise<readonly Problem[]> {
  if (tlsHosts.length === 0) return [];
  const { certificateProblems } = await import("../../certs/manifests.ts");
  return certificateProblems(tlsHosts, snapshot.secrets, new Date(), exact ? "fake" : "issued");
}

interface RoutingOptions extends Pick<Io, "onText"> {
  /** Is told that all is read, before it is compiled. */
  readonly onRead?: (() => void) | undefined;
  /** "same": each controller has the ports of the options, as in the cluster. default: each has its own */
  readonly ports?: "same" | undefined;
  /** Changes what the options say of compiling. default: nothing */
  readonly adjusted?: (options: CompileOptions) => CompileOptions;
}

/**
 * Reads the sources that the options name, and compiles them as each controller would.
 * @throws UserError if there is nothing to read
 */
export async function readRoutings(
  flags: Flags,
  surroundings: Surroundings,
  which: Which = "all that is named",
  { onText, onRead, ports, adjusted = (options) => options }: RoutingOptions = {},
): Promise<Routings> {
  const config = await settingsFor(flags, surroundings);
  const maps = readMaps(config.settings);
  const { reading, cluster } = await readSources(config, surroundings, which, { onText });
  onRead?.();
  const parts = controllerParts(config.settings, reading.snapshot, ports);
  const all = await Promise.all(
    parts.map((part) => compilePart(part, reading, { cluster, maps, adjusted, which })),
  );
  const ofChoice = atOnce(choiceProblems(config.settings, reading.snapshot, parts));
  return {
    all: all as unknown as Routings["all"],
    problems: [...jointProblems(all.map(({ problems }) => problems)), ...ofChoice],
    close: async () => {
      await Promise.all(all.map((routing) => routing.close()));
      cluster?.api.close();
    },
  };
}

/** The same for a command that shows one controller. @throws UserError `bad-option` for several */
export async function readRouting(...asked: Parameters<typeof readRoutings>): Promise<Routing> {
  const { all, problems, close } = await readRoutings(...asked);
  const [only, another] = all;
  if (another === undefined) return { ...only, problems, close };
  await close();
  const names = all.map(({ settings }) => settings.controller);
  throw new UserError(
    "bad-option",
    `The manifests are for several controllers (${names.join(", ")}), and each has an address of its own.`,
    `Run the command once for each, with its address: ${names.map((name) => `--controller ${name}`).join(", then ")}.`,
  );
}

interface Compiling extends Required<Pick<RoutingOptions, "adjusted">> {
  readonly cluster: Cluster | undefined;
  readonly maps: readonly ServiceMap[];
  readonly which: Which;
}

async function compilePart(
  { settings, why }: ControllerPart,
  reading: Reading,
  { cluster, maps, adjusted, which }: Compiling,
): Promise<Routing> {
  const completeness = cluster === undefined ? "partial" : "whole";
  const compiled = compile(reading.snapshot, adjusted(compileOptionsOf(settings, completeness)));
  const { table, snapshot } = inForce(compiled, reading.snapshot, settings, undefined);
  const isEchoing = !settings.noEcho && cluster === undefined;
  const echo = isEchoing ? (await import("../upstream/echo.ts")).createEchoService() : undefined;
  const forwards = cluster?.forwards;
  const resolver = createResolver({
    ...{ snapshot, maps, echo, forwards, exact: settings.exact },
    endpoints: controllerNamed(settings.controller).endpoints,
  });
  return {
    settings,
    why,
    reading,
    table,
    compiled,
    completeness,
    problems: [
      ...reading.problems,
      ...compiled.problems,
      ...(await ofCertificates(compiled.table, reading, settings)),
      ...(which !== "all that is named" ? [] : atOnce(unusedMaps(maps, compiled.table, snapshot.services))),
      ...(which !== "all that is named" ? [] : atOnce(openAuthentication(table, resolver))),
    ],
    resolver,
    home: cluster?.home,
    close: () => resolver.close(),
  };
}
