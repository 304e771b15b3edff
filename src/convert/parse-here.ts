import { answered, type ParsedText, parseSteps } from "../manifest/parse.ts";
import { DEFAULT_NAMESPACE } from "../manifest/report.ts";
import { readGeneralYaml } from "../yaml/general-yaml.ts";

/** A file's objects and problems, at once. Custom resources are taken as they are. */
export function parseHere(text: string, file: string): ParsedText {
  const steps = parseSteps(text, file, DEFAULT_NAMESPACE);
  let step = steps.next();
  while (step.done !== true) {
    const { value } = step;
    step =
      value === undefined || "load" in value
        ? steps.next()
        : answered(steps, { tree: readGeneralYaml(value.general, value.excerpt) });
  }
  return step.value;
}
