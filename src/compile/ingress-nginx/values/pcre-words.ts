import type { RefusedPattern } from "../../../pcre/pattern.ts";
import type { Annotations } from "../annotations.ts";

/** The controller's nginx is built with PCRE 1 (pcre_compile.c, error_texts), whose words are others in places. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["missing closing parenthesis", "missing )"],
  ["unmatched closing parenthesis", "unmatched parentheses"],
  ["quantifier does not follow a repeatable item", "nothing to repeat"],
]);

/** nginx's words on an expression that PCRE does not take, up to the text at which it gives up (ngx_regex.c). */
export function pcreRefusal(why: string, source: string): string {
  return `pcre_compile() failed: ${WORDS.get(why) ?? why} in "${source}"`;
}

/** An expression in an annotation, `written` as `~*SOURCE`: nginx cannot load it, or it cannot be run here alone. */
export function refusePattern(
  annotations: Annotations,
  annotation: string,
  written: string,
  { why, by }: RefusedPattern,
): void {
  if (by === "ingress-dev") annotations.notHonoured(annotation, `"${written}" cannot be run here: ${why}`);
  else {
    const what = `"${written}" is no regular expression: ${why}`;
    const source = written.replace(/^~\*?/, "");
    annotations.stop(annotation, pcreRefusal(why, source), what, "Correct the expression.");
  }
}
