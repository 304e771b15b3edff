import type { CompileOptions } from "../compile/compile.ts";
import { compile } from "../compile/compile.ts";
import { UserError } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { RouteTable } from "../model/route.ts";
import type { Reading } from "../source/files.ts";
import { readFiles } from "../source/files.ts";
import { createEchoService } from "../upstream/echo.ts";
import type { ServiceMap } from "../upstream/map.ts";
import { parseMap } from "../upstream/map.ts";
import type { Resolver } from "../upstream/resolve.ts";
import { createResolver } from "../upstream/resolve.ts";
import type { Config, Flags } from "./config.ts";
import { readConfig } from "./config.ts";
import { chooseInputs, requireIngresses } from "./manifests.ts";
import type { Settings } from "./options.ts";
import { reportWarning } from "./report.ts";
import type { Surroundings } from "./surroundings.ts";

/** Manifests read and compiled once: what `explain`, `routes` and `certs secret` answer from. */
export interface Routing {
  readonly settings: Settings;
  readonly reading: Reading;
  readonly table: RouteTable;
  /** Of the reading and of the compilation. */
  readonly problems: readonly Problem[];
  readonly resolver: Resolver;
  close(): Promise<void>;
}

/** The meaning of every map; a bad one is refused with the place where it is written. */
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

/** `--exact` also means that an Ingress without a class is ignored, as by the controller's own default. */
export function compileOptionsOf(settings: Settings): CompileOptions {
  const { controller, ingressClass, exact, configmap } = settings;
  const classless = exact ? "ignored" : "served";
  return { controller, ingressClasses: ingressClass, classless, configMap: configmap };
}

/** Settles the options of a command and says on standard error which variables mean nothing. */
export async function settingsFor(flags: Flags, surroundings: Surroundings): Promise<Config> {
  const config = await readConfig(flags, surroundings.env, surroundings.cwd);
  for (const warning of config.warnings) reportWarning("unknown-variable", warning, surroundings);
  return config;
}

/** Reads and compiles the manifests that the options name. Throws `UserError` where there are none. */
export async function readRouting(flags: Flags, surroundings: Surroundings): Promise<Routing> {
  const config = await settingsFor(flags, surroundings);
  const { settings } = config;
  const maps = readMaps(settings);
  const inputs = chooseInputs(config);
  const reading = await readFiles(inputs.paths, { stdin: surroundings.stdin });
  requireIngresses(inputs, reading);
  const { table, problems } = compile(reading.snapshot, compileOptionsOf(settings));
  const echo = settings.noEcho ? undefined : createEchoService();
  const resolver = createResolver({ snapshot: reading.snapshot, maps, echo });
  return {
    settings,
    reading,
    table,
    problems: [...reading.problems, ...problems],
    resolver,
    close: () => resolver.close(),
  };
}
