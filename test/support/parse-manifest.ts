import { answered, type GeneralTree, type ParsedText, parseSteps } from "../../src/manifest/parse.ts";
import type { ParseCache } from "../../src/manifest/parse-cache.ts";
import { readGeneralYaml } from "../../src/yaml/general-yaml.ts";

function readHere(text: string): GeneralTree {
  try {
    return { tree: readGeneralYaml(text) };
  } catch (error) {
    return { error };
  }
}

/** Parses the text of a file in one go. */
export function parseManifest(text: string, file: string, previous?: ParseCache): ParsedText {
  const steps = parseSteps(text, file, "default", previous);
  let step = steps.next();
  while (step.done !== true)
    step = step.value === undefined ? steps.next() : answered(steps, readHere(step.value.general));
  return step.value;
}
