import type { Problem } from "../../model/problem.ts";
import type { Service } from "../../model/resource.ts";
import { groupBy } from "../../service/group-by.ts";
import { nearestName } from "../../service/near.ts";
import type { CompileOptions } from "../options.ts";
import { capital, firstNames, type ServiceUse } from "./uses.ts";

const MOST_GUESSES = 100;
const MOST_NAMED = 5;

type Names = ReadonlyMap<string, readonly string[]>;

/**
 * Problems of Services that are named but absent. A warning if the snapshot is whole, or if the name nearly
 * equals that of an unused Service; a notice if that Service is in use. Others may be applied from elsewhere:
 * one notice per namespace that has Services.
 */
export function absentServices(
  absent: readonly ServiceUse[],
  uses: readonly ServiceUse[],
  services: readonly Service[],
  completeness: NonNullable<CompileOptions["completeness"]>,
): readonly Problem[] {
  if (absent.length === 0) return [];
  const present = namesOf(services, () => true);
  const used = new Set(uses.map(({ backend }) => keyOf(backend)));
  const free = namesOf(services, ({ metadata }) => !used.has(`${metadata.namespace}/${metadata.name}`));
  const once = [...groupBy(absent, ({ backend }) => [keyOf(backend)]).values()].map(([first]) => first);
  const others: ServiceUse[] = [];
  const problems = once
    .filter((use) => use !== undefined)
    .flatMap((use, i) => {
      const isGuessed = i < MOST_GUESSES;
      const unnamed = isGuessed ? guess(use, free) : undefined;
      const meant = unnamed ?? (isGuessed ? guess(use, present) : undefined);
      const level = unnamed !== undefined || completeness === "whole" ? "warning" : "notice";
      if (level === "warning" || meant !== undefined) return [missing(use, meant, level, completeness)];
      others.push(use);
      return [];
    });
  return [...problems, ...notAmong(others, present)];
}

function guess({ backend: { namespace, service } }: ServiceUse, names: Names): string | undefined {
  return nearestName(service, names.get(namespace) ?? []);
}

function keyOf({ namespace, service }: ServiceUse["backend"]): string {
  return `${namespace}/${service}`;
}

function namesOf(services: readonly Service[], counts: (service: Service) => boolean): Names {
  const groups = groupBy(services.filter(counts), ({ metadata }) => [metadata.namespace]);
  return new Map([...groups].map(([key, same]) => [key, same.map(({ metadata }) => metadata.name)]));
}

function problemOf(
  { object, field, origin }: ServiceUse,
  level: Problem["level"],
  message: string,
  fix: string,
): Problem {
  const line = origin.lineOf(field) || undefined;
  return { code: "service-missing", level, object, field, message, fix, file: origin.file, line };
}

function missing(
  use: ServiceUse,
  meant: string | undefined,
  level: Problem["level"],
  completeness: NonNullable<CompileOptions["completeness"]>,
): Problem {
  const { namespace, service } = use.backend;
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
  const byNamespace = groupBy(uses, ({ backend }) => [backend.namespace]);
  const elsewhere = groupBy(
    [...present].flatMap(([namespace, names]) => names.map((name) => ({ namespace, name }))),
    ({ name }) => [name],
  );
  for (const [namespace, same] of byNamespace) {
    const [first] = same;
    if (first === undefined) continue;
    if (present.has(namespace)) {
      const names = same.map(({ backend }) => backend.service);
      const message = `${names.length === 1 ? "the Service" : "the Services"} ${firstNames(names, MOST_NAMED)} of namespace ${namespace} ${names.length === 1 ? "is" : "are"} not among the manifests, though others of the namespace are: ${firstNames(present.get(namespace) ?? [], MOST_NAMED)}.`;
      yield problemOf(first, "notice", capital(message), "Nothing to do if the cluster has them.");
    }
    for (const use of same) {
      const found = elsewhere.get(use.backend.service)?.[0]?.namespace;
      if (found === undefined) continue;
      const message = `${use.by} names Service ${use.backend.service} of its own namespace, ${namespace}; the manifests have one in namespace ${found}, which it does not reach.`;
      yield problemOf(
        use,
        "notice",
        message,
        "Put the two into one namespace, or apply both with kubectl -n.",
      );
    }
  }
}
