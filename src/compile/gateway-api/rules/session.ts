import { jsonFields, jsonString } from "../../../model/json.ts";
import { reason } from "../../../model/reason.ts";
import type { Balancing } from "../../../model/route/balancing.ts";
import { placeOf } from "../../route.ts";
import type { TranslatedRule } from "../rules.ts";
import { secondsOf } from "./durations.ts";
import type { WrittenPath } from "./matches.ts";

/** `sessionPersistence` of a rule: a cookie, or a header, names the pod. */
export function sessionOf(rule: TranslatedRule, path: WrittenPath | undefined): Balancing | undefined {
  const { route, index, fields, field } = rule;
  if (fields.sessionPersistence === undefined) return undefined;
  const { type, sessionName, absoluteTimeout, cookieConfig } = jsonFields(fields.sessionPersistence);
  const { namespace, name } = route.metadata;
  const usual = `${route.kind.toLowerCase()}-${namespace}-${name}-rule-${index}`;
  const isLasting = jsonFields(cookieConfig).lifetimeType === "Permanent";
  const kind = type === "Header" ? "header" : "cookie";
  return {
    upstream: usual,
    endpoints: "pods",
    session: {
      kind,
      name: jsonString(sessionName) ?? usual,
      path: cookiePath(path),
      maxAge: isLasting ? secondsOf(jsonString(absoluteTimeout)) : undefined,
    },
    why: [
      reason(
        "affinity",
        `sessionPersistence keeps a client at one pod, by a ${kind}`,
        placeOf(route, `${field}.sessionPersistence`),
      ),
    ],
  };
}

/** Of an expression, the segments before the first star (session_persistence.go). */
function cookiePath(path: WrittenPath | undefined): string {
  if (path === undefined) return "/";
  if (path.type !== "RegularExpression") return path.value;
  const segments = path.value.split("/");
  const star = segments.findIndex((segment) => segment.includes("*"));
  return segments.slice(0, star < 0 ? undefined : star).join("/");
}
