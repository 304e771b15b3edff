import type { VariableText } from "../../../model/route/variable-text.ts";
import { parseVariables } from "../../../request/variables.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withBalancing } from "../settings.ts";
import { sayUnused } from "../values/unused.ts";
import { documented } from "./documented.ts";

const SUBSET = ["upstream-hash-by-subset", "upstream-hash-by-subset-size"];
const SUBSET_SIZE = 3;

/** `upstream-hash-by` and its subsets (annotations/upstreamhashby/main.go); every bad value is passed up. */
export const upstreamHashBy: Feature = {
  annotations: documented("Load balancing", {
    Low: "upstream-hash-by-subset upstream-hash-by-subset-size",
    High: "upstream-hash-by",
  }),
  apply: (annotations, settings) => {
    const name = "upstream-hash-by";
    const value = annotations.text(name);
    const isSubset = annotations.boolean("upstream-hash-by-subset") ?? false;
    const size = annotations.integer("upstream-hash-by-subset-size") ?? SUBSET_SIZE;
    if (value === undefined) {
      if (!annotations.has(name)) sayUnused(annotations, SUBSET, name);
      return settings;
    }
    const subsetSize = isSubset ? Math.max(1, size || SUBSET_SIZE) : undefined;
    const which = subsetSize === undefined ? "the same endpoint" : `the same ${subsetSize} endpoints`;
    const text = `${annotations.nameOf(name)} sends requests with one ${value} to ${which}`;
    const why = annotations.because("upstream-hash-by", text);
    const hash = { text: knownVariables(annotations, value), subsetSize };
    return withBalancing(settings, { hash, why: [...settings.balancing.why, why] });
  },
};

/** Lua omits unknown variables from the key (util.lua, generate_var_value). */
function knownVariables(annotations: Annotations, value: string): VariableText {
  const parsed = parseVariables(value);
  if (parsed.kind === "parsed") return { ...parsed.text, source: value };
  const { variable } = parsed;
  const bare = variable.slice(1);
  if (bare !== "") {
    const what = `there is no variable ${variable}: the controller leaves it out of the key`;
    annotations.report.surprising("upstream-hash-by", what, "Correct its name.");
  }
  const without =
    bare === "" ? value.replaceAll("$", "") : value.replace(`\${${bare}}`, "").replace(variable, "");
  return knownVariables(annotations, without);
}
