import { type JsonObject, jsonString } from "../../../model/json.ts";
import { headersAsked, headersFault } from "./conditions/header-conditions.ts";
import { joinedPath, pathFault } from "./conditions/path-conditions.ts";
import { queriesAsked, queriesFault } from "./conditions/query-conditions.ts";
import type { StatusWords } from "./statuses.ts";

/** Why an include is left out. `seen`: conditions of the includes before it. */
export function includeFault(conditions: readonly JsonObject[], seen: Set<string>): StatusWords | undefined {
  for (const kind of ["exact", "regex"] as const)
    if (conditions.some((condition) => jsonString(condition[kind]) !== undefined))
      return invalid(`${kind} conditions are not allowed in includes block`);
  const path = pathFault(conditions);
  if (path !== undefined) return invalid(path);
  const headers = headersFault(conditions);
  if (headers !== undefined) return ["RouteError", "HeaderMatchConditionsNotValid", headers];
  const queries = queriesFault(conditions);
  if (queries !== undefined) return ["RouteError", "QueryParameterMatchConditionsNotValid", queries];
  const joined = joinedPath(conditions);
  const text = joined.kind === "refused" ? "" : joined.text;
  const asked = [...headersAsked(conditions), ...queriesAsked(conditions)].map(({ key }) => key).sort();
  if (text === "/" && asked.length === 0) return undefined;
  const key = JSON.stringify([text, asked]);
  if (seen.has(key))
    return ["IncludeError", "DuplicateMatchConditions", "duplicate conditions defined on an include"];
  seen.add(key);
  return undefined;
}

function invalid(why: string): StatusWords {
  return ["IncludeError", "PathMatchConditionsNotValid", `include: ${why}`];
}
