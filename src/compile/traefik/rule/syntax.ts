import type { RuleSyntax } from "./matchers.ts";

/** Whatever is not `v2` means version 3. */
export function syntaxOf(written: string | undefined): RuleSyntax {
  return written === "v2" ? "v2" : "v3";
}
