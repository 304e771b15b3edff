import type { Problem } from "../../model/problem.ts";
import type { Service } from "../../model/resource.ts";
import { groupBy } from "../../service/group-by.ts";
import { nearestName } from "../../service/near.ts";
import type { Steps } from "../../steps.ts";
import { type AskAtLength, longQuery, query } from "../query.ts";
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
    return [...problems, ...(yield* notAmong(others, present, ask))];
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
function* notAmong(uses: readonly ServiceUse[], present: Names, ask: AskAtLength): Steps<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [namespace, same] of groupBy(uses, ({ port }) => [port.backend.namespace])) {
    const [first] = same;
    if (first === undefined) continue;
    const names = present.get(namespace);
    if (names !== undefined) problems.push(othersAreThere(first, same, names));
    for (const use of same) {
      const problem = ask.for(IS_ELSEWHERE, use);
      if (problem !== undefined) problems.push(problem);
      yield;
    }
  }
  return problems;
}

function othersAreThere(first: ServiceUse, uses: readonly ServiceUse[], present: readonly string[]): Problem {
  const names = uses.map(({ port }) => port.backend.service);
  const [what, are] = names.length === 1 ? ["the Service", "is"] : ["the Services", "are"];
  const { namespace } = first.port.backend;
  const message = `${what} ${firstNames(names, MOST_NAMED)} of namespace ${namespace} ${are} not among the manifests, though others of the namespace are: ${firstNames(present, MOST_NAMED)}.`;
  return problemOf(first, "notice", capital(message), "Nothing to do if the cluster has them.");
}

const IS_ELSEWHERE = query<ServiceUse, Problem | undefined>("Service of another namespace", (use, ask) => {
  const { namespace, service } = use.port.backend;
  const found = ask.for(NAMESPACE_OF, service);
  if (found === undefined) return undefined;
  const message = `${use.by} names Service ${service} of its own namespace, ${namespace}; the manifests have one in namespace ${found}, which it does not reach.`;
  const fix = "Put the two into one namespace, or apply both with kubectl -n.";
  return problemOf(use, "notice", message, fix);
});

/** The first namespace with a Service of a name, in the order of namespaces. */
const NAMESPACE_OF = query<string, string | undefined>("namespace of a Service", (name, ask) =>
  ask.for(NAMESPACES).get(name),
);

const NAMESPACES = query<undefined, ReadonlyMap<string, string>>("namespaces of Services", (_, ask) => {
  const namespaces = new Map<string, string>();
  for (const [namespace, names] of namesOf(ask.for(ALL_SERVICES)))
    for (const name of names) if (!namespaces.has(name)) namespaces.set(name, namespace);
  return namespaces;
});
