import { loadJudge } from "../../src/manifest/custom/judges.ts";
import served from "../../src/manifest/custom/served.json" with { type: "json" };
import { answered, type GeneralTree, type ParsedText, parseSteps } from "../../src/manifest/parse.ts";
import type { ParseCache } from "../../src/manifest/parse-cache.ts";
import { readGeneralYaml } from "../../src/yaml/general-yaml.ts";
import type { General } from "../../src/yaml/yaml.ts";

await Promise.all(Object.keys(served).map(loadJudge));

function readHere({ general, excerpt }: General): GeneralTree {
  try {
    return { tree: readGeneralYaml(general, excerpt) };
  } catch (error) {
    return { error };
  }
}

/** Parses the text of a file in one go. */
export function parseManifest(text: string, file: string, previous?: ParseCache): ParsedText {
  const steps = parseSteps(text, file, "default", previous);
  let step = steps.next();
  while (step.done !== true)
    step =
      step.value === undefined || "load" in step.value ? steps.next() : answered(steps, readHere(step.value));
  return step.value;
}
