import fc from "fast-check";
import { expect, test } from "vitest";
import type { PathMatch, RouteEntry } from "../../src/model/route/selection.ts";
import { compilePattern } from "../../src/pcre/pattern.ts";
import { nginxOrder } from "../../src/select/nginx-order.ts";
import { idsOf, lookupOf } from "./lookup.ts";
import { entryOf } from "./tables.ts";

/** `= /p`, `/p/`, `^~ /p/` or `~ ^/p`, as nginx writes locations. */
function matchOf(location: string): PathMatch {
  const [, modifier, path = ""] = /^(=|\^~|~)? ?(.*)$/.exec(location) ?? [];
  if (modifier === "=") return { kind: "exact", path };
  if (modifier !== "~") return { kind: "prefix-char", path, final: modifier === "^~" ? true : undefined };
  const compiled = compilePattern(path, "anywhere", "exact case");
  if (compiled.kind === "refused") throw new Error(compiled.why);
  return { kind: "pattern", pattern: compiled.pattern, path, exact: false };
}

const entriesOf = (locations: readonly string[]): readonly RouteEntry[] =>
  locations.map((location, rank) => entryOf(location, { path: matchOf(location) }, rank));

const ask = (locations: readonly string[], path: string, own: readonly string[] = []) =>
  idsOf(nginxOrder(entriesOf(locations), own).find(lookupOf("a.test", path)))[0];

test.each([
  ["an exact location before all others", ["/", "~ ^/a$", "^~ /a", "= /a"], "/a", "= /a"],
  ["the longest prefix, wherever it is listed", ["/", "/a/", "/a/b/"], "/a/b/c", "/a/b/"],
  ["an expression before any prefix", ["/a/b/", "/", "~ ^/a"], "/a/b/c", "~ ^/a"],
  ["the first expression that matches", ["~ c$", "~ ^/a", "/"], "/a/b", "~ ^/a"],
  ["no expression behind ^~", ["^~ /a/", "~ ^/a", "/"], "/a/b", "^~ /a/"],
  ["an expression where ^~ is not the longest", ["^~ /a/", "/a/b/", "~ ^/a"], "/a/b/c", "~ ^/a"],
  ["the first of two with one path", ["/a/", "/a/"], "/a/b", "/a/"],
  ["a redirect to the slash of a prefix", ["/a/", "/"], "/a", "slash /a/"],
  ["a redirect to the slash of an exact location first", ["/a/", "= /a/", "/"], "/a", "slash = /a/"],
  ["no redirect where the path is a location", ["/a/", "= /a", "/"], "/a", "= /a"],
  ["no redirect where the path is a prefix", ["/a/", "/a", "/"], "/a", "/a"],
  ["nothing where nothing covers the path", ["= /a", "/b/"], "/c", undefined],
])("%s", (_, locations, path, found) => expect(ask(locations, path)).toBe(found));

test.each([
  [["/"], "/healthz", "own /healthz"],
  [["/"], "/healthz/x", "own /healthz"],
  [["/", "= /healthz"], "/healthz", "= /healthz"],
  [["/", "/healthz/"], "/healthz/x", "/healthz/"],
  [["/", "/healthz/"], "/healthz", "own /healthz"],
  [["/", "/healthz"], "/healthz", "/healthz"],
  // A longer location that lacks its slash alone is longer than the prefix, too (ngx_http_core_find_static_location).
  [["/", "= /healthzz/"], "/healthzz", "slash = /healthzz/"],
  [["~ ^/", "/"], "/healthz", "~ ^/"],
])("beside %j the controller's own path is one more prefix: %s leads to %s", (locations, path, found) =>
  expect(ask(locations, path, ["/healthz"])).toBe(found));

test("an expression that gives up ends the search", () => {
  const pattern = { source: "slow", exec: () => "too-complex" as const };
  const slow = entryOf("slow", { path: { kind: "pattern", pattern, path: "slow", exact: false } }, 0);
  const index = nginxOrder([slow, ...entriesOf(["/"])]);
  expect(idsOf(index.find(lookupOf("a.test", "/a")))).toEqual(["too complex slow"]);
});

const PATHS = ["/", "/a", "/a/", "/a/b", "/a/b/", "/ab", "/b", "/b/a"];
const location = fc
  .tuple(fc.constantFrom("= ", "", "", "^~ ", "~ ^"), fc.constantFrom(...PATHS))
  .map(([modifier, path]) => modifier + path);

/** nginx's rules in order, each over the whole list. */
function reference(locations: readonly string[], path: string): string | undefined {
  const paths = locations.map((written) => written.replace(/^(=|\^~|~) \^?/, ""));
  const of = (modifiers: RegExp, fits: (path: string) => boolean) =>
    locations.filter((written, at) => modifiers.test(written) && fits(paths[at] ?? ""));
  const [exact] = of(/^= /, (own) => own === path);
  if (exact !== undefined) return exact;
  const taken = of(/^(\/|\^)/, (own) => own === path).length > 0;
  const [slash] = [...of(/^= /, (own) => own === `${path}/`), ...of(/^(\/|\^)/, (own) => own === `${path}/`)];
  if (!taken && slash !== undefined) return `slash ${slash}`;
  const length = (written: string) => written.replace("^~ ", "").length;
  const [longest] = of(/^(\/|\^)/, (own) => path.startsWith(own)).sort((a, b) => length(b) - length(a));
  if (longest?.startsWith("^~")) return longest;
  return of(/^~/, (own) => path.startsWith(own))[0] ?? longest;
}

test("random locations: as a reference that goes through them by nginx's rules", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(location, { maxLength: 12, selector: (written) => written.replace("^~ ", "") }),
      fc.constantFrom(...PATHS),
      (locations, path) => {
        expect(ask(locations, path)).toBe(reference(locations, path));
      },
    ),
    { numRuns: 1500 },
  );
});
