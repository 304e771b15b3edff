import type { RefusedPattern } from "../../../pcre/pattern.ts";
import type { Annotations } from "../annotations.ts";

/** The controller's nginx uses PCRE 1 (pcre_compile.c, error_texts), with partly different words. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["missing closing parenthesis", "missing )"],
  ["unmatched closing parenthesis", "unmatched parentheses"],
  ["quantifier does not follow a repeatable item", "nothing to repeat"],
]);

/** nginx's words on an expression that PCRE refuses, with the text from the fault on (ngx_regex.c). */
export function pcreRefusal(why: string, source: string): string {
  return `pcre_compile() failed: ${WORDS.get(why) ?? why} in "${source}"`;
}

/**
 * Reports an expression that nginx cannot load, or that only this engine cannot run. `written`: as
 * `~*SOURCE`.
 */
export function refusePattern(
  annotations: Annotations,
  annotation: string,
  written: string,
  { why, by }: RefusedPattern,
): void {
  if (by === "ingress-dev")
    annotations.report.notHonoured(annotation, `"${written}" cannot be run here: ${why}`);
  else {
    const what = `"${written}" is no regular expression: ${why}`;
    const source = written.replace(/^~\*?/, "");
    annotations.report.stop(annotation, pcreRefusal(why, source), what, "Correct the expression.");
  }
}
