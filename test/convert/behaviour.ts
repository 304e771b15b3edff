import { decisionInWords } from "../../src/cli/explain/route-in-words.ts";
import { requestFacts } from "../../src/cli/predict/request-facts.ts";
import { knownOffline } from "../../src/cli/predict/work-out.ts";
import type { ControllerName } from "../../src/compile/controllers.ts";
import { outcome } from "../../src/match/outcome.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { SampleRequest } from "../../src/model/sample-request.ts";
import { witnessesOf } from "../../src/witness/witness.ts";
import { type CompiledCase, compileCase, type ManifestText } from "../support/compiled-case.ts";
import { routeRows } from "../support/rows.ts";

interface Behaviour {
  readonly routes: readonly string[];
  /** Without places. */
  readonly problems: readonly string[];
  /** Of witness requests, in words. */
  readonly outcomes: readonly string[];
}

/** Requests that are asked of each pair; the first of each host tell most. */
const MOST_REQUESTS = 150;

/** All that a controller makes of manifests, of both sides: with the requests that tell the two tables apart, if any do. */
export async function behaviours(
  before: readonly ManifestText[],
  after: readonly ManifestText[],
  controller: ControllerName = "ingress-nginx",
): Promise<readonly [Behaviour, Behaviour]> {
  const sides = [before, after].map((texts) =>
    compileCase(texts, { controller, exact: false, echo: true }),
  ) as [CompiledCase, CompiledCase];
  try {
    const requests: SampleRequest[] = [];
    for (const { request } of witnessesOf(sides.map(({ table }) => table)).requests) {
      if (requests.push(request) >= MOST_REQUESTS) break;
    }
    const [one, other] = sides;
    return [behaviourOf(one, requests), behaviourOf(other, requests)];
  } finally {
    for (const side of sides) await side.close();
  }
}

function behaviourOf(compiled: CompiledCase, requests: readonly SampleRequest[]): Behaviour {
  return {
    routes: routeRows(compiled.table),
    problems: compiled.problems.filter(({ code }) => code !== "old-api-version").map(inWords),
    outcomes: requests.map((request) => outcomeInWords(compiled, request)),
  };
}

function outcomeInWords({ table, resolver }: CompiledCase, request: SampleRequest): string {
  const facts = requestFacts(request, table.plane, {
    ports: { http: 31000, https: 32000 },
    exact: false,
    remoteAddress: "127.0.0.1",
    chance: 0.5,
    noEndpoints: resolver.noEndpoints,
  });
  const { decision } = outcome(table, facts, knownOffline(resolver, facts));
  return `${request.scheme} ${request.headers.join()} ${request.target}: ${decisionInWords(decision)}`;
}

/** Fields of the old versions in the words of the new one. */
function inWords({ code, level, object, message, field }: Problem): string {
  const said = `${level} ${code} ${object?.namespace}/${object?.name} ${field} ${message}`;
  return said
    .replaceAll(/service\.name/g, "serviceName")
    .replaceAll(/service\.port(?:\.(?:name|number))?/g, "servicePort")
    .replaceAll("spec.defaultBackend", "spec.backend")
    .replaceAll("`defaultBackend`", "`backend`")
    .replaceAll(/a\.yaml:\d+/g, "a.yaml");
}
