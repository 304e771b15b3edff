import type { SetHeader } from "../model/controller.ts";
import type { HeaderLine } from "../model/decision.ts";
import type { VariableText } from "../model/route/variable-text.ts";
import type { VariableFacts } from "./variables/readers.ts";
import { fillVariables } from "./variables.ts";

/** Bytes that would end a header are removed. */
export function fillHeaders(
  lines: readonly (SetHeader | HeaderLine)[],
  facts: VariableFacts,
): readonly HeaderLine[] {
  return lines.map(
    ([name, text]): HeaderLine => [name, typeof text === "string" ? text : lineValue(text, facts)],
  );
}

function lineValue(text: VariableText, facts: VariableFacts): string {
  return fillVariables(text, facts).replace(/[\x00-\x1f\x7f]/g, encodeURIComponent);
}
