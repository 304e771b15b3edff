import fc from "fast-check";
import { expect, test } from "vitest";
import { createPredictor } from "../../src/cli/predict.ts";
import type { Outcome } from "../../src/match/outcome.ts";
import type { SampleRequest } from "../../src/model/sample-request.ts";
import { witnessesOf } from "../../src/witness/witness.ts";
import { type CompiledCase, compileCase } from "../support/compiled-case.ts";
import { NAMES, twoManifests } from "./small.ts";

/** Everything short over the paths' letters, and what is near them. */
const TARGETS = [
  ...["/", "/a", "/b", "/ab", "/c", "/A", "/a/", "/b/", "/a/b", "/a/a", "/a/b/", "/a/b/a", "/a/b/b"],
  ...["/a/b/a/", "/a/b/a/b", "/a/bb", "/aa", "/ab/", "/ab/c", "/b/a", "/healthz", "/healthz/", "/healthzz"],
  ...["/a/b/aa", "/%61", "/a%2Fb", "//a", "/a/../b", "/?x=1", "/a/?q=/", "/nginx_status"],
];

type Parts = Partial<Omit<SampleRequest, "scheme" | "target">>;
const header = (name: string, value: string): Parts => ({ headers: [[name, value]] });

/** What the annotations of the manifests may ask of a request. */
const BESIDE: readonly Parts[] = [
  {},
  ...["10.0.0.1", "10.1.0.1", "192.0.2.1", "127.0.0.2", "203.0.113.1"].map((client) => ({ client })),
  ...["always", "never", "yes"].flatMap((value) => [header("X-One", value), header("X-Two", value)]),
  ...["one", "two"].flatMap((name) => [
    header("Cookie", `${name}=always`),
    header("Cookie", `${name}=never`),
  ]),
  ...[0.1, 0.5].map((chance) => ({ chance })),
  ...[5, 50, 500].map((bodySize) => ({ method: "POST", bodySize })),
  header("Origin", "https://one.test"),
  header("Origin", "https://two.test"),
  { method: "OPTIONS", ...header("Origin", "https://one.test") },
  { method: "OPTIONS" },
  { ...header("X-One", "always"), client: "10.0.0.1" },
  { ...header("X-Two", "never"), client: "10.1.0.1" },
  { ...header("Cookie", "one=always"), client: "10.0.0.1" },
  { chance: 0.1, client: "10.1.0.1" },
  {
    headers: [
      ["X-One", "always"],
      ["X-Two", "never"],
    ],
  },
  {
    headers: [
      ["X-One", "never"],
      ["Cookie", "two=always"],
    ],
  },
];

const RUNS = 12;

/** Each path plainly, and with a part of what may be beside it: with others at others. */
const PART = 9;

function* everyRequest(offset: number): Iterable<SampleRequest> {
  for (const scheme of ["http", "https"] as const)
    for (const [nameAt, name] of NAMES.entries())
      for (const [targetAt, target] of TARGETS.entries())
        for (const [at, { method = "GET", headers = [], ...rest }] of BESIDE.entries())
          if (at === 0 || (at + targetAt + nameAt + offset) % PART === 0)
            yield { scheme, target, method, headers: [["Host", name], ...headers], ...rest };
}

const SETTINGS = { httpPort: 31000, httpsPort: 32000, exact: false } as Parameters<
  typeof createPredictor
>[0]["settings"];

function predictor({ table, resolver }: CompiledCase) {
  return createPredictor({ table, resolver, settings: SETTINGS }).outcome;
}

/** Who answers, and the answer, without what repeats the request's own name and target. */
function answerOf({ decision, asked }: Outcome): string {
  const guards = asked.map(({ guard, verdict }) => `${guard.kind} ${verdict}`);
  const headers = decision.responseHeaders ?? [];
  const rest =
    decision.kind === "forward"
      ? [decision.backend, decision.upstreamPath, decision.requestHeaders, decision.errorPage]
      : [decision.status, decision.kind === "redirect" ? decision.location : ""];
  return JSON.stringify([decision.kind, ...rest, headers, guards]);
}

function routeOf({ decision }: Outcome): string {
  return `${decision.kind} ${decision.route?.id ?? ""} ${decision.kind === "forward" ? decision.backend.service : decision.status}`;
}

/** Differing pairs of routes, with a request for each. */
function differing(
  sides: readonly [CompiledCase, CompiledCase],
  requests: Iterable<SampleRequest>,
): ReadonlyMap<string, SampleRequest> {
  const [first, second] = [predictor(sides[0]), predictor(sides[1])];
  const pairs = new Map<string, SampleRequest>();
  for (const request of requests) {
    const [before, after] = [first(request), second(request)];
    if (answerOf(before) === answerOf(after)) continue;
    pairs.set(`${routeOf(before)} | ${routeOf(after)}`, request);
  }
  return pairs;
}

function* requestsOf(sides: readonly [CompiledCase, CompiledCase]): Iterable<SampleRequest> {
  for (const { request } of witnessesOf(sides.map(({ table }) => table)).requests) yield request;
}

function compiled(text: string, controller: "ingress-nginx" | "kubernetes"): CompiledCase {
  return compileCase([{ file: "small.yaml", text }], { controller, exact: false, echo: true });
}

test.each([
  "ingress-nginx",
  "kubernetes",
] as const)("witnesses find every pair of routes of %s that brute force tells apart", (controller) => {
  let found = 0;
  fc.assert(
    fc.property(twoManifests, fc.nat({ max: PART }), ([before, after], offset) => {
      const sides = [compiled(before, controller), compiled(after, controller)] as const;
      const byWitnesses = differing(sides, requestsOf(sides));
      for (const [pair, request] of differing(sides, everyRequest(offset))) {
        found += 1;
        if (byWitnesses.has(pair)) continue;
        throw new Error(`${pair}\n${JSON.stringify(request)}\n${before}\n\n${after}`);
      }
    }),
    { numRuns: RUNS, seed: 11 },
  );
  expect(found).toBeGreaterThan(3 * RUNS);
}, 240_000); // Half a million outcomes.
