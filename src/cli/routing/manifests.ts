import { CONTROLLERS } from "../../compile/controllers.ts";
import { CODES, UserError } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Config } from "../options/config.ts";

export interface Inputs {
  /** Files, folders, globs, or `-`. */
  readonly paths: readonly string[];
  /** `the current folder`, `ingress-dev.yaml:1 manifests`; `undefined` for the command line. */
  readonly chosenBy: string | undefined;
}

export type Sources =
  | { readonly cluster: "unnamed"; readonly inputs: Inputs }
  /** Without inputs: only the cluster. */
  | { readonly cluster: "named"; readonly inputs: Inputs | undefined };

/** Of controllers that are known. */
const READ_KINDS: ReadonlySet<string> = new Set(CONTROLLERS.flatMap(({ kinds = [] }) => kinds));

interface Found {
  readonly snapshot: Pick<Snapshot, "ingresses"> & Partial<Pick<Snapshot, "custom">>;
  readonly problems: readonly Problem[];
}

/** Named paths, else `manifests:` of `ingress-dev.yaml`, else the current folder (see `requireIngresses`). */
export function chooseInputs({ settings, manifestsFrom }: Config): Inputs {
  if (settings.filename !== undefined && settings.filename.length > 0) {
    return {
      paths: settings.filename,
      chosenBy: manifestsFrom === "--filename" ? undefined : manifestsFrom,
    };
  }
  return { paths: ["."], chosenBy: "the current folder" };
}

/** A cluster if an option names one, with named manifests over it; else manifests. */
export function chooseSources(config: Config): Sources {
  const { context, kubeconfig, namespace, allNamespaces, filename } = config.settings;
  const isNamed =
    context !== undefined || kubeconfig !== undefined || namespace !== undefined || allNamespaces;
  if (!isNamed) return { inputs: chooseInputs(config), cluster: "unnamed" };
  const isAlone = filename === undefined || filename.length === 0;
  return { inputs: isAlone ? undefined : chooseInputs(config), cluster: "named" };
}

/**
 * A refused Ingress counts too: its problem is what the user needs to read.
 * @throws UserError `no-manifests` if nobody named manifests and the current folder has no Ingress
 */
export function requireIngresses(inputs: Inputs, { snapshot, problems }: Found): void {
  if (inputs.chosenBy !== "the current folder" || snapshot.ingresses.length > 0) return;
  if (snapshot.custom?.some(({ kind }) => READ_KINDS.has(kind))) return;
  if (problems.some((problem) => problem.object?.kind === "Ingress")) return;
  const unread = problems.filter((problem) => problem.level === "error");
  const hint = unread[0] === undefined ? "" : ` (${unread[0].file ?? "a file"}: ${unread[0].message})`;
  throw new UserError(
    "no-manifests",
    `There are no manifests: the current folder holds no Ingress${hint}.`,
    CODES["no-manifests"],
  );
}

/**
 * The manifests for the first line of `up`: who chose them, unless the command line did, and what was
 * skipped.
 */
export function sourceInWords(
  inputs: Inputs,
  {
    description,
    passedOver,
  }: { readonly description: string; readonly passedOver: ReadonlyMap<string, number> },
): string {
  const chosen = inputs.chosenBy === undefined ? description : `${inputs.chosenBy}: ${description}`;
  const others = [...passedOver].map(([kind, count]) =>
    // Documents without a kind are counted under several words.
    kind.includes(" ") ? `${count} ${count === 1 ? "document" : "documents"} (${kind})` : `${count} ${kind}`,
  );
  return others.length === 0 ? chosen : `${chosen}, passing over ${others.join(", ")}`;
}
