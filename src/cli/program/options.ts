import { type Command, Option } from "commander";
import type { Flags } from "../options/config.ts";
import type { OptionKey } from "../options.ts";
import { OPTIONS } from "../options.ts";
import type { ExitCode } from "../surroundings.ts";

/** Flags of the controller and its ConfigMap. */
export const CONTROLLER_OPTIONS = [
  "controllerFlag",
  "configmap",
  "defaultBackendService",
  "defaultSslCertificate",
  "disableCatchAll",
  "disableSvcExternalName",
  "enableSslPassthrough",
  "watchIngressWithoutClass",
] as const;

export const ROUTING_OPTIONS = [
  "filename",
  "map",
  "controller",
  "ingressClass",
  "controllerClass",
  ...CONTROLLER_OPTIONS,
  "clientAddress",
  "noEcho",
  "exact",
] as const;

export const CLUSTER_OPTIONS = ["context", "kubeconfig", "namespace", "allNamespaces"] as const;

export type Done = (code: ExitCode) => void;

export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

function optionFor(key: OptionKey): Option {
  const { flags, help, fallback, repeatable } = OPTIONS[key];
  const shown = Array.isArray(fallback) ? fallback.join(",") : String(fallback ?? "");
  const isKnown = shown !== "" && shown !== "false";
  const option = new Option(flags, isKnown ? `${help} (default: ${shown})` : help);
  return repeatable === undefined ? option : option.argParser(collect);
}

export function withOptions(command: Command, keys: readonly OptionKey[]): Command {
  for (const key of keys) command.addOption(optionFor(key));
  return command;
}

/** Adds `-o`. `forms`: in words. */
export function withForm(command: Command, forms = "text or json (default: text)"): Command {
  return command.option("-o, --output <FORM>", forms);
}

export function withPaths(command: Command): Command {
  return command.argument("[PATH...]", "manifests: files, folders, globs, or - for standard input");
}

/** Adds PATHs to the flags: `PATH` equals `-f PATH`. */
export function asFilenames(paths: readonly string[], flags: Flags): Flags {
  const named = Array.isArray(flags.filename) ? flags.filename : [];
  const all = [...paths, ...named];
  return all.length === 0 ? flags : { ...flags, filename: all };
}
