import type { JsonObject } from "../model/json.ts";
import type { CompileOptions } from "./options.ts";

/**
 * Names of flags without dashes. `configmap=` takes a value; without `=` it is a switch. `<name>` stands for any one
 * element between dots.
 */
export type FlagNames = readonly string[];

/** The flags of a controller, known without loading its code. */
export interface CommandLine {
  /** The ends of its images' repositories: `ingress-nginx/controller`. */
  readonly images: readonly string[];
  /** "caseless": `--entryPoints` is `--entrypoints`. default: as written */
  readonly spelling?: "caseless";
  /** FlagValues that are read here. */
  readonly read: FlagNames;
  /** FlagValues that change no answer to a request. */
  readonly idle: FlagNames;
  /** FlagValues that change answers, but not here. default: none */
  readonly unread?: FlagNames;
  /** FlagValues that options say here: classes, ConfigMap. default: none */
  readonly asOptions?: (flags: FlagValues) => Partial<CompileOptions>;
  /** True for one that serves this controller's classes, where its images may serve others'. default: each */
  readonly isServing?: (flags: FlagValues) => boolean;
  /** Its Helm chart, for `HelmChartConfig` of k3s. default: none */
  readonly chart?: HelmFlags;
}

export interface HelmFlags {
  /** Beside the controller's own. */
  readonly names: readonly string[];
  /** What its values come to. */
  readonly flags: (values: JsonObject) => readonly string[];
  /** The data of the ConfigMap that it makes of its values. default: none */
  readonly options?: (values: JsonObject) => JsonObject;
}

/** Values by names as in the table, in lower case if it is caseless. A switch is `true` or `false`. */
export type FlagValues = ReadonlyMap<string, string>;
