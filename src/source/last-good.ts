import { CODES } from "../errors.ts";
import type { ParsedText } from "../manifest/parse.ts";
import type { Problem } from "../model/problem.ts";
import type { Resource } from "../model/resource.ts";

/** What is in use of a file. */
export interface InUse {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
}

/**
 * What stays in use after a file was saved: for each document that can no longer be used, the object it held before,
 * as a cluster keeps the old object when it refuses the new one. Matched by kind, namespace and name, else by place.
 */
export function keepLastGood(before: readonly Resource[], parsed: ParsedText, file: string): InUse {
  const now = new Set(parsed.resources.map(keyOf));
  const kept = new Map<string, { readonly resource: Resource; readonly line: number }>();
  for (const { document, line, object } of parsed.refused) {
    const key = `${object.kind}/${object.namespace}/${object.name}`;
    const byName = before.filter((one) => keyOf(one) === key);
    const found = byName.length > 0 ? byName : before.filter((one) => one.origin.document === document);
    for (const resource of found) {
      if (!now.has(keyOf(resource)) && !kept.has(keyOf(resource)))
        kept.set(keyOf(resource), { resource, line });
    }
  }
  if (kept.size === 0) return { resources: parsed.resources, problems: parsed.problems };
  const resources = [...parsed.resources, ...[...kept.values()].map(({ resource }) => resource)];
  resources.sort((a, b) => a.origin.document - b.origin.document);
  const said = [...kept.values()].map(({ resource, line }) => lastGood(resource, file, line));
  return { resources, problems: [...parsed.problems, ...said] };
}

/** What stays in use of a file that cannot be read any more: all of it. */
export function keepAll(before: readonly Resource[], problem: Problem, file: string): InUse {
  return {
    resources: before,
    problems: [problem, ...before.map((one) => lastGood(one, file, one.origin.line))],
  };
}

function keyOf(one: Resource): string {
  return `${one.kind}/${one.metadata.namespace}/${one.metadata.name}`;
}

function lastGood(one: Resource, file: string, line: number): Problem {
  const { namespace, name } = one.metadata;
  return {
    code: "last-good-kept",
    level: "error",
    object: { kind: one.kind, namespace, name },
    message: `${file}:${line}: ${one.kind} ${namespace === "" ? name : `${namespace}/${name}`} cannot be used as it is written now; the last good version stays in use`,
    fix: CODES["last-good-kept"],
    file,
    line,
  };
}
