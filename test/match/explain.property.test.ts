import { expect, test } from "vitest";
import { effectsOf } from "../../src/cli/explain/effects.ts";
import { decisionInWords } from "../../src/cli/explain/route-in-words.ts";
import { requestFacts } from "../../src/cli/predict/request-facts.ts";
import { type Explained, knownOffline, workOut } from "../../src/cli/predict/work-out.ts";
import { type NearRequest, nearMisses } from "../../src/match/near.ts";
import { outcome } from "../../src/match/outcome.ts";
import { candidateTree } from "../../src/match/tree.ts";
import type { SampleRequest } from "../../src/model/sample-request.ts";
import { allCases, allExamples } from "../support/all-cases.ts";
import { type CompiledCase, compileCase } from "../support/compiled-case.ts";
import { hostHeader, type RequestLine } from "../support/request-line.ts";

/** Every case and example, whose requests are asked as they are, and changed a little. */
const ALL = [...allCases(), ...allExamples()];
const PORTS = { http: 31000, https: 32000 } as const;

function sampleOf(request: RequestLine): SampleRequest {
  const { scheme, method, target, bodySize } = request;
  const own = request.headers.filter(([name]) => name.toLowerCase() !== "host");
  return { scheme, method, target, bodySize, headers: [["Host", hostHeader(request, PORTS)], ...own] };
}

/** Slips of somebody who types. */
function* slips(request: SampleRequest): Iterable<SampleRequest> {
  yield request;
  const { target, headers } = request;
  const [path = "", query] = target.split("?");
  const rest = query === undefined ? "" : `?${query}`;
  yield { ...request, target: path.toUpperCase() + rest };
  yield { ...request, target: (path.endsWith("/") ? path.slice(0, -1) || "/" : `${path}/`) + rest };
  yield { ...request, target: `${path}x${rest}` };
  yield { ...request, target: `${path.slice(0, -1) || "/"}${rest}` };
  const [first, ...others] = headers;
  if (first === undefined) return;
  for (const host of [`www.${first[1]}`, `a.b.${first[1]}`, first[1].slice(1), "nobody.test"])
    yield { ...request, headers: [["Host", host], ...others] };
}

function askIn({ table, resolver, options }: CompiledCase) {
  const factsOf = (request: SampleRequest) =>
    requestFacts(request, table.plane, {
      ...{ ports: PORTS, exact: options.exact, remoteAddress: "127.0.0.1", chance: 0.999_999 },
      noEndpoints: resolver.noEndpoints,
    });
  return {
    explained: (request: SampleRequest) => workOut(table, resolver, factsOf(request)),
    routeOf: (request: SampleRequest) => {
      const facts = factsOf(request);
      return outcome(table, facts, knownOffline(resolver, facts)).decision.route;
    },
  };
}

/** Answered without a look at the host's entries. */
function isEarly({ decision, taken = [] }: Explained): boolean {
  return (decision.kind === "respond" && decision.madeBy === "head") || taken.some(({ of }) => of === "host");
}

test("the tree takes the route of the decision, effects end with it, and near misses match their rule", async () => {
  const wrong: string[] = [];
  const counts = { taken: 0, early: 0, near: 0, effects: 0 };
  let asked = 0;
  for (const { manifests, options, requests } of ALL) {
    const compiled = compileCase(manifests, options);
    const { explained, routeOf } = askIn(compiled);
    for (const line of requests) {
      asked += 1;
      for (const [index, request] of [...slips(sampleOf(line))].entries()) {
        // Each request as it is, and with two of eight slips in turn.
        if (index > 0 && index % 4 !== asked % 4) continue;
        const answer = await explained(request);
        const { facts, decision } = answer;
        const where = `${line.text}: ${request.target} ${request.headers[0]?.[1]}`;
        const early = isEarly(answer);
        const { levels } = candidateTree(compiled.table, facts, early ? "answered early" : "searched");
        const taken = levels.flatMap(({ candidates }) => candidates.filter(({ mark }) => mark === "taken"));
        const own = early || decision.route === undefined ? [] : [decision.route.id];
        if (taken.map(({ route }) => route.id).join() !== own.join()) wrong.push(`tree: ${where}`);
        counts[own.length === 0 ? "early" : "taken"] += 1;
        const effects = effectsOf(answer);
        if (effects.at(-1)?.text !== decisionInWords(decision)) wrong.push(`effects: ${where}`);
        if (effects.length > 1) counts.effects += 1;
        const reached = ({ scheme, host, target }: NearRequest) =>
          routeOf({ ...request, scheme, target, headers: [["Host", host], ...request.headers.slice(1)] });
        const near = nearMisses(compiled.table, answer, reached);
        counts.near += near.length;
        for (const miss of near) {
          if (reached(miss.request)?.id !== miss.route.id || miss.route.id === decision.route?.id)
            wrong.push(`near: ${where} → ${miss.request.host}${miss.request.target}`);
        }
      }
    }
    await compiled.close();
  }
  expect(wrong).toEqual([]);
  expect(counts.taken).toBeGreaterThan(2_500);
  expect(counts.early).toBeGreaterThan(100);
  expect(counts.near).toBeGreaterThan(200);
  expect(counts.effects).toBeGreaterThan(200);
}, 240_000);
