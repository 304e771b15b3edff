import { append } from "../../../append.ts";
import type { Condition, HostMatch, PathMatch, RouteMatch } from "../../../model/route/selection.ts";
import { Lost } from "../lost.ts";
import type { RuleNode } from "./expression.ts";
import { conditionFor, type RuleSyntax } from "./matchers.ts";

/** The match of a rule: what an index finds by host and path, and the rest as a condition. */
export function matchOfRule(rule: RuleNode, syntax: RuleSyntax): RouteMatch | Lost {
  const whole = conditionIn(rule, syntax);
  if (whole instanceof Lost) return whole;
  let hosts: readonly HostMatch[] | undefined;
  let path: PathMatch | undefined;
  const when: Condition[] = [];
  for (const part of partsOf(whole)) {
    const asHosts = hosts === undefined ? hostsOf(part) : undefined;
    const asPath = path === undefined ? pathOf(part) : undefined;
    if (asHosts !== undefined) hosts = asHosts;
    else if (asPath !== undefined) path = asPath;
    else when.push(part);
  }
  const [only] = when;
  return {
    path: path ?? { kind: "any" },
    hosts,
    when: when.length === 0 ? undefined : when.length === 1 ? only : { kind: "all", of: when },
  };
}

function conditionIn(rule: RuleNode, syntax: RuleSyntax): Condition | Lost {
  switch (rule.kind) {
    case "call":
      return conditionFor(rule, syntax);
    case "not": {
      const of = conditionIn(rule.of, syntax);
      return of instanceof Lost ? of : { kind: "not", of };
    }
    default: {
      const of: Condition[] = [];
      for (const part of rule.of) {
        const condition = conditionIn(part, syntax);
        if (condition instanceof Lost) return condition;
        of.push(condition);
      }
      return { kind: rule.kind === "and" ? "all" : "one-of", of };
    }
  }
}

function partsOf(condition: Condition): readonly Condition[] {
  return condition.kind === "all" ? condition.of.flatMap(partsOf) : [condition];
}

/** Hosts of which one is enough. */
function hostsOf(condition: Condition): readonly HostMatch[] | undefined {
  if (condition.kind === "host") return [condition.host];
  if (condition.kind !== "one-of" || condition.of.length === 0) return undefined;
  const hosts: HostMatch[] = [];
  for (const part of condition.of) {
    const found = hostsOf(part);
    if (found === undefined) return undefined;
    append(hosts, found);
  }
  return hosts;
}

/** A path alone, or `Path("/p") || PathPrefix("/p/")`. */
function pathOf(condition: Condition): PathMatch | undefined {
  if (condition.kind === "path") return condition.path;
  if (condition.kind !== "one-of" || condition.of.length !== 2) return undefined;
  const [exact, below] = condition.of;
  if (exact?.kind !== "path" || below?.kind !== "path") return undefined;
  if (exact.path.kind !== "exact" || below.path.kind !== "prefix-char") return undefined;
  const isElement = below.path.path === `${exact.path.path}/`;
  return isElement ? { kind: "prefix-element", path: exact.path.path } : undefined;
}
