import type { CanaryShare } from "../../../compile/ingress-nginx/annotations/canary.ts";
import { ruleText } from "./rules.ts";

/** A test of a request, and who answers where it holds. The first that holds decides. */
export interface CanaryTest {
  readonly rule: string;
  readonly to: "canary" | "main";
}

/** What decides before the weight, as nginx's balancer tries it. */
export function canaryTests({
  rule: { header, value, pattern, cookie },
}: CanaryShare): readonly CanaryTest[] {
  const tests: CanaryTest[] = [];
  const of = (name: string, text: string) => `Header(${ruleText(name)}, ${ruleText(text)})`;
  if (header !== "") {
    if (value !== "") tests.push({ rule: of(header, value), to: "canary" });
    else if (typeof pattern === "object")
      tests.push({ rule: `HeaderRegexp(${ruleText(header)}, ${ruleText(pattern.source)})`, to: "canary" });
    // Whoever sends the header is kept away by an expression that is none.
    else if (pattern === "broken")
      tests.push({ rule: `HeaderRegexp(${ruleText(header)}, \`.*\`)`, to: "main" });
    else tests.push({ rule: of(header, "always"), to: "canary" }, { rule: of(header, "never"), to: "main" });
  }
  if (cookie !== "") {
    const name = cookie.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
    const at = (text: string) => `HeaderRegexp(\`Cookie\`, ${ruleText(`(^|; )(?i:${name})=${text}(;|$)`)})`;
    tests.push({ rule: at("always"), to: "canary" }, { rule: at("never"), to: "main" });
  }
  return tests;
}
