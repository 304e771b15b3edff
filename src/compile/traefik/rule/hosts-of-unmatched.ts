import { append } from "../../../append.ts";
import type { HostMatch, RouteMatch } from "../../../model/route/selection.ts";
import type { RuleNode } from "./expression.ts";
import { conditionFor, MATCHER_SPELLINGS } from "./matchers.ts";
import { readRule } from "./parse.ts";

/**
 * The hosts of a rule that no router matches by: TLS options are kept for them all the same, where the rule can be read
 * (pkg/muxer/http, ParseDomains). `undefined`: it cannot, or names none
 */
export function hostsOfUnmatched(rule: RuleNode | string): RouteMatch | undefined {
  const parsed = typeof rule === "string" ? readRule(rule) : rule;
  const hosts = parsed && hostsWithin(parsed);
  return hosts === undefined || hosts.length === 0 ? undefined : { path: { kind: "any" }, hosts };
}

function hostsWithin(rule: RuleNode): readonly HostMatch[] | undefined {
  if (rule.kind === "not") return hostsWithin(rule.of);
  if (rule.kind === "call") {
    if (!MATCHER_SPELLINGS.some((names) => names.has(rule.name))) return undefined;
    return rule.name.toLowerCase() === "host" ? rule.args.flatMap(hostNamed) : [];
  }
  const hosts: HostMatch[] = [];
  for (const part of rule.of) {
    const found = hostsWithin(part);
    if (found === undefined) return undefined;
    append(hosts, found);
  }
  return hosts;
}

function hostNamed(name: string): readonly HostMatch[] {
  const condition = conditionFor({ kind: "call", name: "Host", args: [name] }, "v3");
  return "kind" in condition && condition.kind === "host" ? [condition.host] : [];
}
