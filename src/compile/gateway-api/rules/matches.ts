import { type Json, type JsonObject, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { Pattern } from "../../../model/pattern.ts";
import type { Condition, PathMatch, RouteMatch, TextTest } from "../../../model/route/selection.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { textAsBytes } from "../../../request/utf8.ts";

/** A match of a rule as an entry of the route table. */
export interface WrittenMatch {
  readonly match: RouteMatch;
  /** Compared from the first on; the higher goes first. */
  readonly precedence: readonly number[];
  /** What it is, in one text: equal ones overlap. */
  readonly key: string;
  /** As `explain` shows it. */
  readonly words: string;
  /** As written: the route's path and its type. */
  readonly path: WrittenPath | undefined;
  /** The rule answers only this method. */
  readonly method: string | undefined;
}

export interface WrittenPath {
  readonly type: "Exact" | "PathPrefix" | "RegularExpression";
  readonly value: string;
}

export type Matches =
  | { readonly kind: "matches"; readonly matches: readonly WrittenMatch[] }
  /** An expression that is none; Go's words. */
  | { readonly kind: "broken"; readonly source: string; readonly why: string };

interface Test {
  readonly name: string;
  readonly type: "Exact" | "RegularExpression" | "Suffix";
  readonly value: string;
}

interface Parts {
  readonly path: WrittenPath | undefined;
  readonly headers: readonly Test[];
  readonly query: readonly Test[];
}

/** A rule's matches, in order. A rule without any matches everything. */
export function matchesOf(kind: "HTTPRoute" | "GRPCRoute", rule: JsonObject): Matches {
  const written = jsonItems(rule.matches).map(jsonFields);
  const parts = written.length === 0 ? [NOTHING_ASKED] : written.map((match) => partsOf(kind, match));
  return written_(parts);
}

/** For preflights of a match that asks for another method. */
export function preflightOf(kind: "HTTPRoute" | "GRPCRoute", match: JsonObject): WrittenMatch | undefined {
  const { path, headers, query } = partsOf(kind, match);
  const asked = headers.filter(({ name }) => name !== METHOD);
  if (
    asked.length === headers.length ||
    headers.some(({ name, value }) => name === METHOD && value === "OPTIONS")
  )
    return undefined;
  const any = (name: string): Test => ({ name, type: "RegularExpression", value: ".*" });
  const preflight: Test[] = [
    { name: METHOD, type: "Exact", value: "OPTIONS" },
    any("origin"),
    any("access-control-request-method"),
  ];
  const made = written_([{ path, headers: [...asked, ...preflight], query }]);
  return made.kind === "broken" ? undefined : made.matches[0];
}

const METHOD = ":method";
const PATH = ":path";
const NOTHING_ASKED: Parts = { path: undefined, headers: [], query: [] };

function partsOf(kind: "HTTPRoute" | "GRPCRoute", match: JsonObject): Parts {
  const headers = testsOf(match.headers, (name) => name.toLowerCase());
  if (kind === "GRPCRoute") return grpcParts(jsonFields(match.method), match.method !== undefined, headers);
  const { type, value } = jsonFields(match.path);
  const path: WrittenPath = { type: pathType(type), value: jsonString(value) ?? "/" };
  const method = jsonString(match.method);
  const asked: Test[] = method === undefined ? [] : [{ name: METHOD, type: "Exact", value: method }];
  return { path, headers: [...headers, ...asked], query: testsOf(match.queryParams, (name) => name) };
}

const ANY_SERVICE = "(?i:[.]?[a-z_][a-z_0-9]*([.][a-z_][a-z_0-9]*)*)";
const ANY_METHOD = "[A-Za-z_][A-Za-z_0-9]*";

/** A method alone is no path but the end of one, so any path goes before it. */
function grpcParts(method: JsonObject, isAsked: boolean, headers: readonly Test[]): Parts {
  if (!isAsked) return { path: undefined, headers, query: [] };
  const [service, name] = [jsonString(method.service), jsonString(method.method)];
  const path = (type: WrittenPath["type"], value: string): Parts => ({
    path: { type, value },
    headers,
    query: [],
  });
  if (method.type === "RegularExpression")
    return path("RegularExpression", `/${service ?? ANY_SERVICE}/${name ?? ANY_METHOD}`);
  if (service !== undefined && name !== undefined) return path("Exact", `/${service}/${name}`);
  if (service !== undefined) return path("PathPrefix", `/${service}`);
  return {
    path: undefined,
    headers: [...headers, { name: PATH, type: "Suffix", value: `/${name ?? ""}` }],
    query: [],
  };
}

function pathType(type: Json | undefined): WrittenPath["type"] {
  return type === "Exact" || type === "RegularExpression" ? type : "PathPrefix";
}

function testsOf(list: Json | undefined, named: (name: string) => string): readonly Test[] {
  return jsonItems(list).map((item) => {
    const { name, type, value } = jsonFields(item);
    return {
      name: named(jsonString(name) ?? ""),
      type: type === "RegularExpression" ? type : "Exact",
      value: jsonString(value) ?? "",
    };
  });
}

class BrokenExpression extends Error {
  readonly source: string;

  constructor(source: string, why: string) {
    super(why);
    this.source = source;
  }
}

function written_(parts: readonly Parts[]): Matches {
  try {
    return { kind: "matches", matches: parts.map(writtenOf) };
  } catch (error) {
    if (!(error instanceof BrokenExpression)) throw error;
    return { kind: "broken", source: error.source, why: error.message };
  }
}

function expression(source: string): Pattern {
  const compiled = compileRe2(source, { extent: "whole", broken: "refused" });
  if (compiled.kind === "refused") throw new BrokenExpression(source, compiled.why);
  return compiled.pattern;
}

function writtenOf({ path, headers, query }: Parts): WrittenMatch {
  const conditions: Condition[] = [...headers.map(headerCondition), ...query.map(queryCondition)];
  const [first] = conditions;
  const when: Condition | undefined = conditions.length > 1 ? { kind: "all", of: conditions } : first;
  const sorted = (tests: readonly Test[]) =>
    tests.map((test) => JSON.stringify([test.name, test.type, test.value])).sort();
  return {
    match: { path: pathMatch(path), when },
    precedence: precedenceOf({ path, headers, query }),
    key: JSON.stringify([...pathKey(path), sorted(headers), sorted(query)]),
    words: wordsOf({ path, headers, query }),
    path,
    method: headers.find(({ name }) => name === METHOD)?.value,
  };
}

/** A prefix with and without its last slash is the same, and no path is `/` (route.go, pathMatchKey). */
function pathKey(path: WrittenPath | undefined): readonly [type: WrittenPath["type"], value: string] {
  const { type, value } = path ?? { type: "PathPrefix", value: "/" };
  return [type, type === "PathPrefix" && value !== "/" && value.endsWith("/") ? value.slice(0, -1) : value];
}

function pathMatch(path: WrittenPath | undefined): PathMatch {
  if (path === undefined) return { kind: "any" };
  const { type, value } = path;
  if (type === "RegularExpression")
    return { kind: "pattern", pattern: expression(value), path: textAsBytes(value), exact: false };
  if (type === "PathPrefix" && value === "/") return { kind: "any" };
  return { kind: type === "Exact" ? "exact" : "prefix-element", path: textAsBytes(value) };
}

const TYPES = ["PathPrefix", "RegularExpression", "Exact"] as const;

/** `PathPrefix /` is as short as no path. Method counts as a header. */
function precedenceOf({ path, headers, query }: Parts): readonly number[] {
  const isEverything = path === undefined || (path.type === "PathPrefix" && path.value === "/");
  const exact = (tests: readonly Test[]) => tests.filter(({ type }) => type === "Exact").length;
  return [
    TYPES.indexOf(path?.type ?? "PathPrefix"),
    isEverything ? 0 : textAsBytes(path.value).length,
    headers.length,
    exact(headers),
    query.length,
    exact(query),
  ];
}

function textTest({ type, value }: Test): TextTest {
  if (type === "RegularExpression") return { kind: "pattern", pattern: expression(value) };
  return { kind: type === "Exact" ? "is" : "ends", text: textAsBytes(value) };
}

function headerCondition(test: Test): Condition {
  if (test.name === METHOD) return { kind: "method", methods: new Set([test.value]) };
  if (test.name === PATH) {
    const pattern = expression(`.*${escaped(test.value)}`);
    return {
      kind: "path",
      path: { kind: "pattern", pattern, path: test.value, exact: false },
      withQuery: true,
    };
  }
  return { kind: "header", name: test.name, value: textTest(test), lines: "alone" };
}

function escaped(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

function queryCondition(test: Test): Condition {
  return { kind: "query", name: textAsBytes(test.name), value: textTest(test), read: "first-as-sent" };
}

function wordsOf({ path, headers, query }: Parts): string {
  const shown = ({ name, type, value }: Test) =>
    `${name} ${type === "RegularExpression" ? "~" : "="} ${value}`;
  return [
    path === undefined ? "every path" : `${path.type} ${path.value}`,
    ...headers.map((test) => (test.name === METHOD ? test.value : `header ${shown(test)}`)),
    ...query.map((test) => `query ${shown(test)}`),
  ].join(", ");
}
