import type { Problem } from "../../model/problem.ts";
import type { Service } from "../../model/resource.ts";
import { groupBy } from "../../service/group-by.ts";
import { nearestName } from "../../service/near.ts";
import { longQuery } from "../query.ts";
import { ABSENT_USES, ALL_SERVICES, COMPLETENESS, FREE_SERVICES } from "./given.ts";
import { capital, firstNames, type ServiceUse } from "./uses.ts";

const MOST_GUESSES = 100;
const MOST_NAMED = 5;

type Names = ReadonlyMap<string, readonly string[]>;

/**
 * Problems of Services that are named but absent. A warning if the snapshot is whole, or if the name nearly
 * equals that of an unused Service; a notice if that Service is in use. Others may be applied from elsewhere:
 * one notice per namespace that has Services.
 */
export const ABSENT_SERVICES = longQuery<undefined, readonly Problem[]>(
  "absent Services",
  function* (_, ask) {
    const absent = ask.for(ABSENT_USES);
    if (absent.length === 0) return [];
    const completeness = ask.for(COMPLETENESS);
    const present = namesOf(ask.for(ALL_SERVICES));
    const free = namesOf(ask.for(FREE_SERVICES));
    const problems: Problem[] = [];
    const others: ServiceUse[] = [];
    const seen = new Set<string>();
    for (const use of absent) {
      const key = keyOf(use);
      if (seen.has(key)) continue;
      const isGuessed = seen.size < MOST_GUESSES;
      seen.add(key);
      const unnamed = isGuessed ? guess(use, free) : undefined;
      const meant = unnamed ?? (isGuessed ? guess(use, present) : undefined);
      const level = unnamed !== undefined || completeness === "whole" ? "warning" : "notice";
      if (level === "warning" || meant !== undefined) problems.push(missing(use, meant, level, completeness));
      else others.push(use);
      yield;
    }
    return [...problems, ...notAmong(others, present)];
  },
);

function guess({ port: { backend } }: ServiceUse, names: Names): string | undefined {
  return nearestName(backend.service, names.get(backend.namespace) ?? []);
}

function keyOf({ port: { backend } }: ServiceUse): string {
  return `${backend.namespace}/${backend.service}`;
}

function namesOf(services: readonly Service[]): Names {
  const groups = groupBy(services, ({ metadata }) => [metadata.namespace]);
  return new Map([...groups].map(([key, same]) => [key, same.map(({ metadata }) => metadata.name)]));
}

function problemOf(
  { object, field, origin }: ServiceUse,
  level: Problem["level"],
  message: string,
  fix: string,
): Problem {
  return {
    ...{ code: "service-missing", level, object, field, message, fix, file: origin.file },
    get line() {
      return origin.lineOf(field) || undefined;
    },
  };
}

function missing(
  use: ServiceUse,
  meant: string | undefined,
  level: Problem["level"],
  completeness: "partial" | "whole",
): Problem {
  const { namespace, service } = use.port.backend;
  const question = meant === undefined ? "." : `, did you mean ${meant}?`;
  const outcome =
    completeness === "whole" ? use.otherwise : `where the cluster has none either, ${use.otherwise}`;
  const message = `${use.by}: there is no Service ${service} in namespace ${namespace}${question} ${capital(outcome)}.`;
  const fix =
    meant === undefined
      ? "Apply the Service, or name one that is there."
      : `Write ${meant}, or add the Service ${service}.`;
  return problemOf(use, level, message, fix);
}

/** One notice per namespace with Services, and per Service that another namespace has. */
function* notAmong(uses: readonly ServiceUse[], present: Names): Iterable<Problem> {
  const byNamespace = groupBy(uses, ({ port }) => [port.backend.namespace]);
  const elsewhere = groupBy(
    [...present].flatMap(([namespace, names]) => names.map((name) => ({ namespace, name }))),
    ({ name }) => [name],
  );
  for (const [namespace, same] of byNamespace) {
    const [first] = same;
    if (first === undefined) continue;
    if (present.has(namespace)) {
      const names = same.map(({ port }) => port.backend.service);
      const message = `${names.length === 1 ? "the Service" : "the Services"} ${firstNames(names, MOST_NAMED)} of namespace ${namespace} ${names.length === 1 ? "is" : "are"} not among the manifests, though others of the namespace are: ${firstNames(present.get(namespace) ?? [], MOST_NAMED)}.`;
      yield problemOf(first, "notice", capital(message), "Nothing to do if the cluster has them.");
    }
    for (const use of same) {
      const found = elsewhere.get(use.port.backend.service)?.[0]?.namespace;
      if (found === undefined) continue;
      const message = `${use.by} names Service ${use.port.backend.service} of its own namespace, ${namespace}; the manifests have one in namespace ${found}, which it does not reach.`;
      yield problemOf(
        use,
        "notice",
        message,
        "Put the two into one namespace, or apply both with kubectl -n.",
      );
    }
  }
}
