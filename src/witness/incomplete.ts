import type { Pattern } from "../model/pattern.ts";
import type { RouteEntry, Selection } from "../model/route/selection.ts";
import type { Route, RouteTable } from "../model/route.ts";
import { corsOf } from "./asks/cors.ts";
import { hasConditions } from "./conditions.ts";
import { MOST_BEGINNINGS } from "./names.ts";

/** Why witnesses of tables say too little, whatever their hosts and paths. */
export function* differingReaders(tables: readonly RouteTable[]): Iterable<string> {
  if (differ(tables.map(({ plane }) => plane.name)))
    yield "The controllers read hosts and paths in different ways: spellings of them are samples.";
  else if (differ(tables.map(clientText)))
    yield "Options of the ConfigMap change how requests are read: their heads are samples.";
  const blocked = tables.map(({ options }) =>
    (options.blocked ?? []).flatMap(({ patterns }) => sourcesOf(patterns)).join("\n"),
  );
  if (differ(blocked))
    yield "The ConfigMap blocks values by regular expressions: values for them are samples.";
}

/** An option that is not set is absent, or `undefined`; their order says nothing. */
function clientText({ options: { client } }: RouteTable): string {
  return JSON.stringify(
    Object.entries(client)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function differ(values: readonly (string | undefined)[]): boolean {
  return new Set(values).size > 1;
}

function sourcesOf(patterns: readonly Pattern[]): readonly string[] {
  return patterns.map(({ source }) => source);
}

/** Hosts of a selection that are only sampled. */
export function* sampledHosts(selection: Selection): Iterable<string> {
  if (selection.kind === "list") {
    const hosts = selection.host.entries.flatMap(({ match }) => match.hosts ?? []);
    const found = hosts.find((host) => host.kind === "pattern");
    if (found !== undefined) yield hostSentence(found.pattern);
    return;
  }
  const { patterns, prefix, oneLabel, suffix } = selection.hosts;
  const [first] = patterns;
  if (first !== undefined) yield hostSentence(first.pattern);
  if (prefix.size > 0 && oneLabel.size + suffix.size >= MOST_BEGINNINGS)
    yield "Host names that end in a star meet too many wildcards: names for them are samples.";
}

function hostSentence({ source }: Pattern): string {
  return `A host name is a regular expression (~${source}): names for it are samples.`;
}

/** Paths and conditions that are only sampled; the first rule of each kind is named. */
export function* sampledEntries(entries: Iterable<RouteEntry>, known: Set<string>): Iterable<string> {
  for (const entry of entries) {
    const { path } = entry.match;
    if (path.kind === "pattern" && isNew("paths", known))
      yield `Paths are regular expressions (first ${ruleOf(entry.route)}): requests for them are samples.`;
    if (path.kind !== "pattern" && path.kind !== "any" && path.fold === true && isNew("fold", known))
      yield `Paths ignore case (first ${ruleOf(entry.route)}): spellings of them are samples.`;
    if (hasConditions({ entries: [entry] }) && isNew("when", known))
      yield `Rules have conditions beside host and path (first ${ruleOf(entry.route)}): requests for them are samples.`;
  }
}

/** What one pair of routes asks and is only sampled. */
export function* sampledAsks(routes: readonly Route[], whole: boolean, known: Set<string>): Iterable<string> {
  const [first] = routes;
  if (first === undefined) return;
  const origins = routes.map((route) => {
    const { origins } = corsOf(route) ?? {};
    return typeof origins === "object" ? origins.source : undefined;
  });
  if (differ(origins) && isNew("origins", known))
    yield `Allowed origins are compared by regular expressions (first ${ruleOf(first)}): origins are samples.`;
  const headers = routes.map(({ action }) => {
    const pattern = action.kind === "forward" ? action.choose?.pattern : undefined;
    return typeof pattern === "object" ? pattern.source : undefined;
  });
  if (differ(headers) && isNew("canary", known))
    yield `canary-by-header-pattern is a regular expression (first ${ruleOf(first)}): header values are samples.`;
  if (!whole && isNew("crossed", known))
    yield `A rule asks for so much at once that not all of it is combined (first ${ruleOf(first)}).`;
}

function isNew(kind: string, known: Set<string>): boolean {
  const { size } = known;
  return known.add(kind).size > size;
}

function ruleOf({ rule, ingress, id }: Route): string {
  const name = ingress === undefined ? "" : ` of Ingress ${ingress.namespace}/${ingress.name}`;
  return rule === undefined ? id : `${rule.host}${rule.path}${name}`;
}
