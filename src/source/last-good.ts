import { CODES } from "../errors.ts";
import type { ParsedText } from "../manifest/parse.ts";
import type { Problem } from "../model/problem.ts";
import type { Resource } from "../model/resource.ts";

/** What is in use of a file. */
export interface InUse {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
  /** Documents that cannot be used and stand in the place of no object: by name, or by text where they have none. */
  readonly strays: ReadonlySet<string>;
}

/** A document that cannot be used. */
interface Unusable {
  /** What it is known by from one save to the next. */
  readonly id: string;
  readonly line: number;
  /** Said only where an object was in its place before. */
  readonly problem?: (() => Problem) | undefined;
}

/**
 * What stays in use after a file was saved, as a cluster keeps the old object when it refuses the new one: the last good
 * version of each object that is named by a document that can no longer be used. Where such a document names none of the
 * objects that are missing, it may have been any of them (`asdf` over a manifest), and all of them stay.
 *
 * An object that is missing while every document can be used was deleted. So it was where the others were there before
 * and stood for nothing: values, a draft that has never been right.
 */
export function keepLastGood(before: InUse, parsed: ParsedText, file: string): InUse {
  const now = new Set(parsed.resources.map(keyOf));
  const missing = new Map(
    before.resources.filter((one) => !now.has(keyOf(one))).map((one) => [keyOf(one), one]),
  );
  const kept = new Map<Resource, number>();
  const strangers: Unusable[] = [];
  const strays = new Set<string>();
  for (const one of unusable(parsed)) {
    const named = missing.get(one.id);
    if (named !== undefined) kept.set(named, one.line);
    else if (before.strays.has(one.id)) strays.add(one.id);
    else strangers.push(one);
  }
  const rest = [...missing.values()].filter((one) => !kept.has(one));
  const [stranger] = strangers;
  if (stranger === undefined || rest.length === 0) for (const { id } of strangers) strays.add(id);
  else for (const one of rest) kept.set(one, stranger.line);
  if (kept.size === 0) return { resources: parsed.resources, problems: parsed.problems, strays };
  const resources = [...parsed.resources, ...kept.keys()];
  resources.sort((a, b) => a.origin.document - b.origin.document);
  const replacing =
    rest.length === 0 ? [] : strangers.flatMap(({ problem }) => (problem === undefined ? [] : [problem()]));
  const said = [...kept].map(([resource, line]) => lastGood(resource, file, line));
  return { resources, problems: [...parsed.problems, ...replacing, ...said], strays };
}

/** What stays in use of a file that cannot be read any more: all of it. */
export function keepAll(before: InUse, problem: Problem, file: string): InUse {
  const { resources, strays } = before;
  const said = resources.map((one) => lastGood(one, file, one.origin.line));
  return { resources, problems: [problem, ...said], strays };
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
