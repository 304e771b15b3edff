import { jsonFields } from "../../model/json.ts";
import type { Container, CustomResource, Workload } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { HelmFlags } from "../command-line.ts";
import type { ControllerFacts } from "../controller.ts";
import { type HelmValues, helmValues } from "./helm-values.ts";
import type { Word } from "./read.ts";

/** The place of a flag in a manifest. */
export interface WordPlace {
  readonly of: Workload | CustomResource;
  readonly field: string;
}

/** An object that says how a controller is started. */
export interface Installation {
  readonly kind: "workload" | "chart";
  readonly of: Workload | CustomResource;
  readonly words: readonly Word<WordPlace>[];
}

/** The installations of a controller among the manifests, charts first. */
export function installationsOf(
  { workloads, custom }: Pick<Snapshot, "workloads" | "custom">,
  { name, commandLine }: ControllerFacts,
): readonly Installation[] {
  if (commandLine === undefined) return [];
  const { images, chart } = commandLine;
  const found = chart === undefined ? undefined : helmValues(custom, [name, ...chart.names]);
  const charts = chart === undefined || found === undefined ? [] : [chartInstallation(found, chart.flags)];
  const running = workloads.flatMap((of): readonly Installation[] =>
    (of.containers ?? [])
      .filter(({ image }) => isImageOf(image, images))
      .map((container) => ({ kind: "workload", of, words: wordsOf(container, of) })),
  );
  return [...charts, ...running];
}

/** Each flag is of the last object whose own values come to it. */
function chartInstallation({ values, of }: HelmValues, flagsOf: HelmFlags["flags"]): Installation {
  const last = of.at(-1) ?? of[0];
  const own = of.map((each) => ({ each, flags: new Set(flagsOf(jsonFields(each.spec.values))) }));
  const words = flagsOf(values).map((text) => {
    const { each = last } = own.findLast(({ flags }) => flags.has(text)) ?? {};
    return { text, place: { of: each, field: "spec.valuesContent" } };
  });
  return { kind: "chart", of: last, words };
}

/** `registry.example:5000/ingress-nginx/controller:v1@sha256:…` is of `ingress-nginx/controller`. */
export function isImageOf(image: string, repositories: readonly string[]): boolean {
  const named = (image.split("@")[0] ?? "").replace(/:[^:/]*$/, "");
  return repositories.some((repository) => named === repository || named.endsWith(`/${repository}`));
}

/** A container's words. Charts use `$(POD_NAMESPACE)` in flags, which the kubelet replaces. */
export function wordsOf({ words }: Pick<Container, "words">, of: Workload): readonly Word<WordPlace>[] {
  return words.map(({ text, field }) => ({
    text: text.replaceAll("$(POD_NAMESPACE)", of.metadata.namespace),
    place: { of, field },
  }));
}
