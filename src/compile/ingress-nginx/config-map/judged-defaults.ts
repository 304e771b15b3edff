import type { Problem } from "../../../model/problem.ts";
import { PREFIX } from "../../nginx-annotations/prefix.ts";
import type { ControllerConfig } from "../config-map.ts";
import type { World } from "../world.ts";
import { readBare } from "./bare.ts";
import { ConfigData } from "./data.ts";

export interface JudgedDefaults {
  readonly annotationDefaults: ControllerConfig["annotationDefaults"];
  readonly problems: readonly Problem[];
}

/**
 * Reads the options that are defaults of annotations once. Their problems belong to the ConfigMap, not to
 * every Ingress.
 */
export function judgeDefaults(world: World): JudgedDefaults {
  const { configMap, annotationDefaults } = world.config;
  if (configMap === undefined || annotationDefaults.size === 0) return { annotationDefaults, problems: [] };
  const { read } = readBare(world);
  const data = new ConfigData(configMap);
  const good = new Map(annotationDefaults);
  for (const { annotation, words, what, fix } of read.report.stops)
    if (good.delete(annotation)) data.stops(annotation, words, what, fix);
  for (const { code, field, message, fix } of read.report.problems) {
    const key = field?.slice(`metadata.annotations[${PREFIX}`.length, -1) ?? "";
    const what = message.slice(message.indexOf(key) + key.length + ": ".length);
    if (code === "client-excluded") data.excluded(key, what, fix);
    if (code === "annotation-surprising") data.surprising(key, what, fix);
    if (code === "client-excluded" || code === "annotation-surprising") continue;
    if (!good.delete(key)) continue;
    if (code === "annotation-not-honoured") data.notHonoured(key, "the cluster may answer otherwise");
    else
      data.ignored(
        key,
        `"${annotationDefaults.get(key)}" is not a value that it takes`,
        "See docs/annotations.md for the values of the annotation with the same name.",
      );
  }
  return { annotationDefaults: good, problems: data.problems };
}
