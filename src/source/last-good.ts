import { betweenEqualEnds } from "../between-equal-ends.ts";
import { CODES } from "../errors.ts";
import { ObjectMap } from "../manifest/object-map.ts";
import type { ParsedText } from "../manifest/parse.ts";
import type { Problem } from "../model/problem.ts";
import type { Resource } from "../model/resource.ts";

export interface InUse {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
  /** Unusable documents that replace no object: by name, or by text if they have none. */
  readonly unmatched: ReadonlySet<string>;
}

/** A document that cannot be used. */
interface Unusable {
  /** The same from one save to the next. */
  readonly id: string;
  readonly line: number;
  /** Reported only where an object was in its place before. */
  readonly problem?: (() => Problem) | undefined;
}

/**
 * Decides what stays in use after a file was saved, as a cluster keeps the old object when it refuses the new one. The
 * last good version stays of each object that an unusable document names. If a document names no missing object, it may
 * have been any of them (`asdf` over a manifest): all stay.
 *
 * An object that is missing while every document is usable was deleted. So it was if the unusable ones were there
 * before and replaced nothing: values, an unfinished draft.
 */
export function keepLastGood(before: InUse, parsed: ParsedText, file: string): InUse {
  const missing = missingIn(parsed.resources, before.resources);
  const kept = new Map<Resource, number>();
  const newcomers: Unusable[] = [];
  const unmatched = new Set<string>();
  for (const document of unusable(parsed)) {
    const named = missing.get(document.id);
    if (named !== undefined) kept.set(named, document.line);
    else if (before.unmatched.has(document.id)) unmatched.add(document.id);
    else newcomers.push(document);
  }
  const rest = [...missing.values()].filter((resource) => !kept.has(resource));
  const [newcomer] = newcomers;
  if (newcomer === undefined || rest.length === 0) for (const { id } of newcomers) unmatched.add(id);
  else for (const resource of rest) kept.set(resource, newcomer.line);
  if (kept.size === 0) return { resources: parsed.resources, problems: parsed.problems, unmatched };
  const resources = [...parsed.resources, ...kept.keys()];
  resources.sort((a, b) => a.origin.document - b.origin.document);
  const replacing =
    rest.length === 0 ? [] : newcomers.flatMap(({ problem }) => (problem === undefined ? [] : [problem()]));
  const said = [...kept].map(([resource, line]) => lastGood(resource, file, line));
  return { resources, problems: [...parsed.problems, ...replacing, ...said], unmatched };
}

/** Those whose name is not there any more. */
function missingIn(now: readonly Resource[], before: readonly Resource[]): ReadonlyMap<string, Resource> {
  const gone = new ObjectMap<Resource>();
  const { before: between } = betweenEqualEnds(before, now);
  if (between.length === 0) return new Map();
  for (const resource of between) gone.set(resource, resource);
  for (const resource of now) gone.delete(resource);
  const missing = between.filter((resource) => gone.get(resource) !== undefined);
  return new Map(missing.map((resource) => [keyOf(resource), resource]));
}

/** Keeps everything of a file that cannot be read any more. */
export function keepAll(before: InUse, problem: Problem, file: string): InUse {
  const { resources, unmatched } = before;
  const said = resources.map((resource) => lastGood(resource, file, resource.origin.line));
  return { resources, problems: [problem, ...said], unmatched };
}

function unusable({ refused, unclear }: ParsedText): readonly Unusable[] {
  return [
    ...refused.map(({ line, object, text }) => {
      const { kind, namespace, name } = object;
      return { id: kind === "" || name === "" ? text : `${kind}/${namespace}/${name}`, line };
    }),
    ...unclear.map(({ line, text, problem }) => ({ id: text, line, problem })),
  ];
}

function keyOf(resource: Resource): string {
  return `${resource.kind}/${resource.metadata.namespace}/${resource.metadata.name}`;
}

function lastGood(resource: Resource, file: string, line: number): Problem {
  const { namespace, name } = resource.metadata;
  return {
    code: "last-good-kept",
    level: "error",
    object: { kind: resource.kind, namespace, name },
    message: `${file}:${line}: ${resource.kind} ${namespace === "" ? name : `${namespace}/${name}`} cannot be used as it is written now; the last good version stays in use`,
    fix: CODES["last-good-kept"],
    file,
    line,
  };
}
