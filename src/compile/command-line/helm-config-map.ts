import { jsonFields } from "../../model/json.ts";
import type { ConfigMap, CustomResource } from "../../model/resource.ts";
import type { ControllerFacts } from "../controller.ts";
import { type HelmValues, helmValues } from "./helm-values.ts";

/** By the last object that holds values: the same objects are the same ConfigMap over all saves. */
const MADE = new WeakMap<CustomResource, { readonly of: HelmValues["of"]; readonly made: ConfigMap }>();

/** The ConfigMap that a controller's chart makes of its values. default: they say nothing of it */
export function helmConfigMap(
  custom: readonly CustomResource[],
  { name, commandLine }: ControllerFacts,
): ConfigMap | undefined {
  const chart = commandLine?.chart;
  if (chart?.options === undefined) return undefined;
  const found = helmValues(custom, [name, ...chart.names]);
  const written = Object.entries(jsonFields(found && chart.options(found.values)));
  // Helm takes a key away whose value is `null`.
  const options = written.filter(([, value]) => value !== null && value !== undefined);
  if (found === undefined || options.length === 0) return undefined;
  const last = found.of.at(-1) ?? found.of[0];
  const known = MADE.get(last);
  if (known !== undefined && isSame(known.of, found.of)) return known.made;
  const made: ConfigMap = {
    kind: "ConfigMap",
    heldBy: last.kind,
    metadata: { ...last.metadata, labels: new Map(), annotations: new Map() },
    // A field of the text of values has no line of its own.
    origin: { ...last.origin, lineOf: () => last.origin.lineOf("spec.valuesContent") },
    data: new Map(options.map(([key, value]) => [key, String(value)])),
  };
  MADE.set(last, { of: found.of, made });
  return made;
}

function isSame(a: HelmValues["of"], b: HelmValues["of"]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}
