import { type JsonObject, jsonBoolean, jsonFields, jsonString } from "../../../../model/json.ts";
import type { Condition, TextTest } from "../../../../model/route/selection.ts";
import { compileRe2 } from "../../../../re2/re2.ts";
import { textAsBytes } from "../../../../request/utf8.ts";
import type { ConditionPlace, RouteCondition } from "../../draft.ts";

/** In the order in which Contour looks for them; the first that is set counts. */
const TESTS = ["present", "notpresent", "contains", "notcontains", "exact", "notexact", "regex"] as const;

type Test = (typeof TESTS)[number];

export function headersAsked(conditions: readonly JsonObject[]): readonly RouteCondition[] {
  return conditions.flatMap(({ header }): readonly RouteCondition[] => {
    const fields = jsonFields(header);
    const test = TESTS.find((each) => isSet(fields[each]));
    const name = jsonString(fields.name)?.toLowerCase();
    if (test === undefined || name === undefined) return [];
    const condition = conditionOf(name === "host" ? ":authority" : name, test, fields);
    if (condition === undefined) return [];
    const { ignoreCase = false, treatMissingAsEmpty = false } = fields;
    const key = JSON.stringify(["header", fields.name, test, fields[test], ignoreCase, treatMissingAsEmpty]);
    return [{ of: "header", key, place: placeOf(test, fields), condition }];
  });
}

/** The more exact, the earlier (internal/sorter/sorter.go, headerMatchConditionSorter). */
const BY_EXACTNESS = ["exact", "regex", "contains", "present"];

function placeOf(test: Test, { name, [test]: value }: JsonObject): ConditionPlace {
  const plain = test.replace(/^not/, "");
  return {
    name: jsonString(name) ?? "",
    test: BY_EXACTNESS.indexOf(plain),
    value: jsonString(value) ?? "",
    isLater: plain !== test,
  };
}

function isSet(value: JsonObject[string]): boolean {
  return value !== undefined && value !== "" && value !== false && value !== null;
}

function conditionOf(name: string, test: Test, fields: JsonObject): Condition | undefined {
  const text = jsonString(fields[test]) ?? "";
  const holds = (value: TextTest): Condition => ({ kind: "header", name, value, lines: "alone" });
  const present = holds({ kind: "present" });
  const fold = jsonBoolean(fields.ignoreCase) === true ? true : undefined;
  const value = textAsBytes(text);
  switch (test) {
    case "present":
      return present;
    case "notpresent":
      return { kind: "not", of: present };
    case "exact":
      return holds({ kind: "is", text: value, fold });
    case "contains":
      return holds({ kind: "contains", text: value, fold });
    case "regex": {
      const compiled = compileRe2(text, { extent: "whole" });
      return compiled.kind === "refused" ? undefined : holds({ kind: "pattern", pattern: compiled.pattern });
    }
    case "notexact":
    case "notcontains": {
      const kind = test === "notexact" ? "is" : "contains";
      const not: Condition = { kind: "not", of: holds({ kind, text: value, fold }) };
      // An absent header never matches, unless it counts as an empty one.
      return jsonBoolean(fields.treatMissingAsEmpty) === true ? not : { kind: "all", of: [present, not] };
    }
  }
}

const OPPOSITES: ReadonlyMap<Test, Test> = new Map([
  ["present", "notpresent"],
  ["notpresent", "present"],
  ["exact", "notexact"],
  ["notexact", "exact"],
  ["contains", "notcontains"],
  ["notcontains", "contains"],
]);

/** Contour's words for header conditions that cannot be (internal/dag/conditions.go). */
export function headersFault(conditions: readonly JsonObject[]): string | undefined {
  const seen = new Set<string>();
  const exact = new Set<string>();
  for (const condition of conditions) {
    const fields = jsonFields(condition.header);
    const name = jsonString(fields.name)?.toLowerCase() ?? "";
    const test = (
      ["present", "notpresent", "exact", "notexact", "contains", "notcontains", "regex"] as const
    ).find((each) => isSet(fields[each]));
    if (test === undefined) continue;
    if (test === "exact" && exact.has(name))
      return "cannot specify duplicate header 'exact match' conditions in the same route";
    if (test === "exact") exact.add(name);
    const opposite = OPPOSITES.get(test);
    if (opposite !== undefined && seen.has(JSON.stringify([name, opposite, fields[test]]))) {
      const plain = test.replace(/^not/, "");
      return `cannot specify contradictory '${plain}' and 'not${plain}' conditions for the same route and header`;
    }
    if (test === "regex" && compileRe2(jsonString(fields.regex) ?? "").kind === "refused")
      return "invalid regular expression specified for 'regex' condition";
    // The whole condition is looked for: with a flag beside its test it contradicts nothing.
    const others = Object.keys(fields).filter((each) => each !== "name" && each !== test);
    if (!others.some((each) => isSet(fields[each]))) seen.add(JSON.stringify([name, test, fields[test]]));
  }
  return undefined;
}
