import { jsonFields, jsonString } from "../../model/json.ts";
import type { Container, CustomResource, Workload } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { ControllerFacts } from "../controller.ts";
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

/** Kinds that hold a chart's values; the later replaces values of the former. */
const HELD: readonly Installation["of"]["kind"][] = ["HelmChart", "HelmChartConfig"];

/** The installations of a controller among the manifests, charts first. */
export function installationsOf(
  { workloads, custom }: Pick<Snapshot, "workloads" | "custom">,
  { name, commandLine }: ControllerFacts,
): readonly Installation[] {
  if (commandLine === undefined) return [];
  const { images, chart } = commandLine;
  const charts = custom.flatMap((of): readonly Installation[] => {
    if (chart === undefined || !HELD.includes(of.kind)) return [];
    const named = jsonString(of.spec.chart)?.split("/").at(-1) ?? of.metadata.name;
    if (named !== name && !chart.names.includes(named)) return [];
    const place = { of, field: "spec.valuesContent" };
    const flags = chart.flags(jsonFields(of.spec.values));
    return [{ kind: "chart", of, words: flags.map((text) => ({ text, place })) }];
  });
  charts.sort((a, b) => HELD.indexOf(a.of.kind) - HELD.indexOf(b.of.kind));
  const running = workloads.flatMap((of): readonly Installation[] =>
    (of.containers ?? [])
      .filter(({ image }) => isImageOf(image, images))
      .map((container) => ({ kind: "workload", of, words: wordsOf(container, of) })),
  );
  return [...charts, ...running];
}

/** `registry.example:5000/ingress-nginx/controller:v1@sha256:…` is of `ingress-nginx/controller`. */
export function isImageOf(image: string, repositories: readonly string[]): boolean {
  const named = (image.split("@")[0] ?? "").replace(/:[^:/]*$/, "");
  return repositories.some((repository) => named === repository || named.endsWith(`/${repository}`));
}

/** A container's words. Charts use `$(POD_NAMESPACE)` in flags, which the kubelet replaces. */
function wordsOf({ words }: Container, of: Workload): readonly Word<WordPlace>[] {
  return words.map(({ text, field }) => ({
    text: text.replaceAll("$(POD_NAMESPACE)", of.metadata.namespace),
    place: { of, field },
  }));
}
