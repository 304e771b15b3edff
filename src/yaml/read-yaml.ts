import { readGeneralYaml } from "./general-yaml.ts";
import type { YamlNode } from "./node.ts";
import type { SyntaxFault } from "./syntax-fault.ts";
import { plainSteps } from "./yaml.ts";

/** The value of one document, or its syntax error, at once: for commands that serve nobody meanwhile. */
export function readYaml(text: string): YamlNode | SyntaxFault {
  const steps = plainSteps(text);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const { value } = step;
  return "general" in value ? readGeneralYaml(value.general, value.excerpt) : value;
}
