import fc from "fast-check";
import { expect, test } from "vitest";
import type { Problem } from "../../src/model/problem.ts";
import { examine, type WrittenRule } from "./examine.ts";

const HOSTS = ["a.test", "b.test", "www.a.test", "*.w.test", undefined] as const;
const NAMES = ["a.test", "b.test", "www.a.test", "x.w.test", "stranger.test", "other.example"];
const PATHS = [
  "/",
  "/a",
  "/a/",
  "/a/b",
  "/b",
  "/ab",
  "/(.*)",
  "/.*",
  "/a/(.*)",
  "/a(/|$)(.*)",
  "/b|/c",
  "/a?b",
  "/[ab]/.*",
  "/(a|b)",
  "/a/[b-x]",
  "/a/b+$",
];
const TARGETS = [
  ...[
    "/",
    "/a",
    "/a/",
    "/a/b",
    "/A/b",
    "/b",
    "/b/a",
    "/c",
    "/ab",
    "/abb",
    "/bb",
    "/x",
    "/x/y",
    "/a/b/c",
    "//a",
  ],
];

const annotations = fc.oneof(
  fc.constant({}),
  fc
    .constantFrom("/", "/a", "/b/a", "http://a.test/a", "http://b.test/", "https://www.a.test/")
    .map((location) => ({
      "permanent-redirect": location,
    })),
  fc.constantFrom("/", "/a", "/x").map((root) => ({ "app-root": root })),
  fc
    .constantFrom("/", "/b", "/$1", "/$2", "/x/$3", "/f.html")
    .map((target) => ({ "rewrite-target": target })),
  fc.constant({ "use-regex": "true" }),
  fc.constant({ "from-to-www-redirect": "true" }),
);

const rules: fc.Arbitrary<readonly WrittenRule[]> = fc
  .array(
    fc.record({
      host: fc.constantFrom(...HOSTS),
      paths: fc.array(
        fc.tuple(
          fc.constantFrom(...PATHS),
          fc.constantFrom("one", "two", "three"),
          fc.constantFrom("ImplementationSpecific", "ImplementationSpecific", "Exact"),
        ),
        { minLength: 1, maxLength: 4 },
      ),
      annotations,
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((written) => written.map((rule, at) => ({ ...rule, name: `i${at}` })));

type Ask = ReturnType<typeof examine>["ask"];

/** Where following leads, without ports. */
function followed(ask: Ask, url: string): readonly string[] {
  const urls = [url];
  for (let hops = 0; hops < 12; hops += 1) {
    const at = urls.at(-1) ?? "";
    const { decision } = ask(at);
    if (decision.kind !== "redirect") break;
    const { protocol, hostname, pathname, search } = new URL(decision.location, at);
    urls.push(`${protocol}//${hostname}${pathname}${search}`);
  }
  return urls;
}

/** True if a request ends at the rule in the finding's line; `app-root` answers before all rules. */
function isOf(ask: Ask, url: string, { object, line }: Problem): boolean {
  const { route, why } = ask(url).decision;
  if (why[0]?.code === "app-root") return false;
  return route?.ingress?.name === object?.name && route?.ingress?.line === line;
}

function sentFor(ask: Ask, url: string): string {
  const { decision } = ask(url);
  return decision.kind === "forward" ? decision.upstreamPath : decision.kind;
}

function groupsOf(path: string): number {
  return (new RegExp(`${path}|`).exec("")?.length ?? 1) - 1;
}

/** Each in another way than the finding was found. */
const PROOFS: Record<string, (found: Problem, ask: Ask, written: readonly WrittenRule[]) => void> = {
  "redirect-loop": ({ witness = "" }, ask) => {
    const urls = followed(ask, witness);
    expect(urls.length).toBeGreaterThan(10);
    expect(urls.slice(1)).toContain(witness);
  },
  "unreachable-rule": (found, ask) => {
    const urls = NAMES.flatMap((name) =>
      TARGETS.flatMap((target) => [`http://${name}${target}`, `https://${name}${target}`]),
    );
    expect(urls.filter((url) => isOf(ask, url, found))).toEqual([]);
    expect(isOf(ask, found.witness ?? "", found)).toBe(false);
  },
  "rewrite-drops-path": ({ witness = "" }, ask) => {
    const [above] = witness.split("/users/7");
    const sent = ["/users/7", "/users/8", "/a", "/x/y/z"].map((rest) => sentFor(ask, above + rest));
    expect(sent[0]).toMatch(/^\//);
    expect(sent[0]).not.toContain("users");
    expect(sent[1]).toBe(sent[0]);
  },
  "rewrite-missing-group": ({ object, message }, _, written) => {
    const rule = written.find(({ name }) => name === object?.name);
    const [, group = "0"] = /\$(\d)/.exec(rule?.annotations?.["rewrite-target"] ?? "") ?? [];
    const paths = rule?.paths.map(([path]) => path).filter((path) => groupsOf(path) < Number(group)) ?? [];
    expect(paths.some((path) => message.includes(`path ${path} `))).toBe(true);
  },
  "catch-all": ({ object }, ask) => {
    for (const name of ["stranger.test", "other.example"])
      for (const target of ["/zz", "/zz/y"])
        expect(ask(`https://${name}${target}`).decision.route?.ingress?.name).toBe(object?.name);
  },
};

test("each finding is proved by its witness, and by requests of the test's own", () => {
  const counts = new Map<string, number>();
  fc.assert(
    fc.property(rules, (written) => {
      const { findings, ask } = examine(written);
      for (const found of findings) {
        counts.set(found.code, (counts.get(found.code) ?? 0) + 1);
        PROOFS[found.code]?.(found, ask, written);
      }
    }),
    { numRuns: 150, seed: 7 },
  );
  expect([...counts.keys()].sort()).toEqual(Object.keys(PROOFS).sort());
}, 120_000);
