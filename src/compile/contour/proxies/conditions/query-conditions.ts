import { type JsonObject, jsonBoolean, jsonFields, jsonString } from "../../../../model/json.ts";
import type { TextTest } from "../../../../model/route/selection.ts";
import { compileRe2 } from "../../../../re2/re2.ts";
import { textAsBytes } from "../../../../request/utf8.ts";
import type { ConditionPlace, RouteCondition } from "../../draft.ts";

const TESTS = ["exact", "prefix", "suffix", "regex", "contains", "present"] as const;

function testsOf(fields: JsonObject): readonly (typeof TESTS)[number][] {
  return TESTS.filter((each) => fields[each] === true || (jsonString(fields[each]) ?? "") !== "");
}

/** Only the first value of a parameter counts, as sent; the case of its name counts. */
export function queriesAsked(conditions: readonly JsonObject[]): readonly RouteCondition[] {
  return conditions.flatMap(({ queryParameter }): readonly RouteCondition[] => {
    const fields = jsonFields(queryParameter);
    const [test] = testsOf(fields);
    const value = test && testOf(test, fields);
    if (test === undefined || value === undefined) return [];
    const name = textAsBytes(jsonString(fields.name) ?? "");
    const key = JSON.stringify(["query", name, test, fields[test], fields.ignoreCase ?? false]);
    const place: ConditionPlace = {
      name: jsonString(fields.name) ?? "",
      test: BY_EXACTNESS.indexOf(test),
      value: jsonString(fields[test]) ?? "",
      isLater: test !== "present" && test !== "regex" && fields.ignoreCase === true,
    };
    return [{ of: "query", key, place, condition: { kind: "query", name, value, read: "first-as-sent" } }];
  });
}

/** The more exact, the earlier (internal/sorter/sorter.go, queryParamMatchConditionSorter). */
const BY_EXACTNESS = ["exact", "regex", "prefix", "suffix", "contains", "present"];

function testOf(test: (typeof TESTS)[number], fields: JsonObject): TextTest | undefined {
  const written = jsonString(fields[test]) ?? "";
  const text = textAsBytes(written);
  const fold = jsonBoolean(fields.ignoreCase) === true ? true : undefined;
  switch (test) {
    case "present":
      return { kind: "present" };
    case "exact":
      return { kind: "is", text, fold };
    case "prefix":
      return { kind: "starts", text, fold };
    case "suffix":
      return { kind: "ends", text, fold };
    case "contains":
      return { kind: "contains", text, fold };
    case "regex": {
      const compiled = compileRe2(written, { extent: "whole" });
      return compiled.kind === "refused" ? undefined : { kind: "pattern", pattern: compiled.pattern };
    }
  }
}

/** Contour's words for query conditions that cannot be. */
export function queriesFault(conditions: readonly JsonObject[]): string | undefined {
  const exact = new Set<string>();
  for (const { queryParameter } of conditions) {
    if (queryParameter === undefined) continue;
    const fields = jsonFields(queryParameter);
    const [test, ...others] = testsOf(fields);
    if (test === undefined) return "must specify at least one query parameter condition";
    if (others.length > 0) return "cannot specify more than one condition in the same match condition branch";
    const name = jsonString(fields.name)?.toLowerCase() ?? "";
    if (test === "exact" && exact.has(name))
      return "cannot specify duplicate query parameter 'exact match' conditions in the same route";
    if (test === "exact") exact.add(name);
    if (test === "regex" && compileRe2(jsonString(fields.regex) ?? "").kind === "refused")
      return "invalid regular expression specified for 'regex' condition";
  }
  return undefined;
}
