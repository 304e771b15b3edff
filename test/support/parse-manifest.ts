import {
  answered,
  type ParseCache,
  type ParsedText,
  parseSteps,
  readHere,
} from "../../src/manifest/parse.ts";

/** Parses the text of a file in one go. */
export function parseManifest(text: string, file: string, previous?: ParseCache): ParsedText {
  const steps = parseSteps(text, file, "default", previous);
  let step = steps.next();
  while (step.done !== true)
    step = step.value === undefined ? steps.next() : answered(steps, readHere(step.value));
  return step.value;
}
