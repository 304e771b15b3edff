import type { Plane } from "../model/plane.ts";
import type { PathMatch, RouteEntry } from "../model/route/selection.ts";
import { oncePer } from "../once-per.ts";
import { type PatternSamples, samplesOf } from "../pcre/samples.ts";
import { fresh } from "./names.ts";

/** A path to ask for. */
export interface PathSample {
  /** Raw, as in a request line. */
  readonly target: string;
  readonly shows: string;
}

/** What a host's entries say of paths. */
export interface WrittenPaths {
  /** Literals, one char per byte. */
  readonly literals: Iterable<string>;
  readonly patterns: Iterable<Extract<PathMatch, { kind: "pattern" }>>;
}

const BEHIND = "any";

const pathSamplesOf = oncePer(
  ({ pattern }: Extract<PathMatch, { kind: "pattern" }>): PatternSamples => samplesOf(pattern, "/"),
);

export function writtenPaths(entries: Iterable<RouteEntry>): WrittenPaths {
  const literals = new Set<string>();
  const patterns: Extract<PathMatch, { kind: "pattern" }>[] = [];
  for (const { match } of entries) {
    const { path } = match;
    if (path.kind === "any") continue;
    if (path.kind !== "pattern") literals.add(path.path);
    else if (isPlain(path.path)) literals.add(path.path);
    else {
      patterns.push(path);
      const beginning = plainBeginning(path.path);
      if (beginning !== "/") literals.add(beginning);
    }
  }
  return { literals, patterns };
}

/** On a host with one expression every path is one; most mean only themselves. */
function isPlain(path: string): boolean {
  return !/[\\^$|?*+()[\]{}]/.test(path);
}

/** `/api` of `/api(/|$)(.*)`. */
function plainBeginning(source: string): string {
  const [found = "/"] = /^\/[\w./~-]*/.exec(source) ?? [];
  const isRepeated = /^[?*{]/.test(source.slice(found.length));
  return isRepeated && found.length > 1 ? found.slice(0, -1) : found;
}

/** The boundaries of each literal, samples of each expression, the root and a stranger. */
export function pathSamples(
  { literals, patterns }: WrittenPaths,
  planes: readonly Plane[],
): readonly PathSample[] {
  const found = new Map<string, string>();
  const sorted = [...new Set(literals)].sort();
  const isOnePlane = new Set(planes.map(({ name }) => name)).size === 1;
  const add = (path: string, shows: string) => {
    const target = targetOf(path, planes);
    if (target !== undefined) addRaw(target, shows);
  };
  const addRaw = (target: string, shows: string) => {
    if (!found.has(target)) found.set(target, shows);
  };
  add("/", "the root");
  for (const literal of sorted) {
    const base = literal.endsWith("/") ? literal.slice(0, -1) : literal;
    if (base === "") continue;
    add(literal, literal);
    add(base, `${base} without a slash behind it`);
    add(`${base}/`, `${base} with a slash behind it`);
    add(`${base}${freeBehind(sorted, base)}`, `a path with more characters than ${base}`);
    add(`${base}/${freeBehind(sorted, `${base}/`)}`, `an element below ${base}`);
    add(otherCase(base), `${base} in other letters, capitals or not`);
    const above = base.slice(0, base.lastIndexOf("/"));
    if (above !== "") add(above, `the element above ${base}`);
    const target = targetOf(base, planes);
    if (target === undefined) continue;
    if (isOnePlane)
      addRaw(`${withEscape(target)}%2Fany`, `an element below ${base}, a letter and the slash escaped`);
    else {
      addRaw(withEscape(target), `${base} with an escaped letter`);
      addRaw(`${target}%2Fany`, `${base} with an escaped slash behind it`);
    }
  }
  for (const pattern of patterns) {
    const { matching, missing } = pathSamplesOf(pattern);
    for (const path of matching) add(path, `a path that ${pattern.path} matches`);
    for (const path of missing) add(path, `a path that ${pattern.path} nearly matches`);
    const [first = "/"] = matching;
    add(`${first.replace(/\/$/, "")}/${BEHIND}`, `an element behind what ${pattern.path} matches`);
    const target = isOnePlane ? undefined : targetOf(first, planes);
    if (target !== undefined)
      addRaw(`${target}${BEHIND}%2F${BEHIND}`, `an escaped slash behind what ${pattern.path} matches`);
  }
  add(`/${freeBehind(sorted, "/")}`, "a path that no rule names");
  return [...found].map(([target, shows]) => ({ target, shows }));
}

/** Not the beginning of another literal. */
function freeBehind(sorted: readonly string[], beginning: string): string {
  return fresh((text) => {
    const at = lowerBound(sorted, beginning + text);
    return sorted[at]?.startsWith(beginning + text) !== true;
  });
}

function lowerBound(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

function otherCase(path: string): string {
  return /[a-z]/.test(path) ? path.toUpperCase() : path.toLowerCase();
}

/** The first letter behind a slash as `%XX`. */
function withEscape(target: string): string {
  return target.replace(
    /\/([A-Za-z0-9])(?=[^/]*$)/,
    (_, letter: string) => `/%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Bytes that a request line does not have, or that mean something else there. */
const ESCAPED = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/g;

/** A target that a plane reads as the path; `undefined`: there is none. */
function targetOf(path: string, planes: readonly Plane[]): string | undefined {
  const escaped = path.replace(ESCAPED, escapeByte);
  if (escaped === path && !/\/[./]/.test(path)) return path;
  // To a plane that keeps escapes a path of its table has them already.
  const kept = path.replace(ESCAPED, (char) => (char === "%" ? char : escapeByte(char)));
  return [escaped, kept].find((target) => planes.some((plane) => plane.readPath(target)?.path === path));
}

function escapeByte(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
