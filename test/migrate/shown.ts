import { join } from "node:path";
import { PassThrough } from "node:stream";
import { askedSides } from "../../src/cli/diff/asked.ts";
import { openSides } from "../../src/cli/diff/read-sides.ts";
import { readSides } from "../../src/cli/diff/sides.ts";
import { createPredictor } from "../../src/cli/predict.ts";
import type { Routing } from "../../src/cli/routing.ts";
import type { Surroundings } from "../../src/cli/surroundings.ts";
import type { Cause } from "../../src/diff/difference.ts";
import { differencesIn } from "../../src/diff/differences.ts";
import { differsEverywhere } from "../../src/diff/everywhere.ts";
import type { Decision } from "../../src/model/decision.ts";
import type { SampleRequest } from "../../src/model/sample-request.ts";
import { witnessesOf } from "../../src/witness/witness.ts";
import { ROWS, type Row, type RowRequest } from "./row.ts";

const HERE: Surroundings = {
  ...{ version: "1.2.3", env: {}, cwd: "/" },
  stdin: new PassThrough() as unknown as NodeJS.ReadStream,
  stdout: new PassThrough() as unknown as NodeJS.WriteStream,
  stderr: new PassThrough() as unknown as NodeJS.WriteStream,
};

/** What `ingress-dev diff --exact --controller ingress-nginx..traefik-nginx` makes of a row. */
export interface Shown {
  /** Causes of the requests that `diff` makes up. */
  readonly reported: readonly Cause[];
  /** Those of the row's own requests, one list for each. */
  readonly own: readonly (readonly Cause[])[];
  /** Errors of manifests that nothing is read of. */
  readonly unread: readonly string[];
  /** What it says of every request. */
  readonly everywhere: readonly string[];
  /** All that may come of each request under the old controller, and under the new one; as rows say it. */
  readonly decided: readonly (readonly [readonly string[], readonly string[]])[];
}

export async function shownByDiff({ file, requests }: Row): Promise<Shown> {
  const path = join(ROWS, file);
  const old = path.replace(/new\.yaml$/, "old.yaml");
  const flags = { exact: true, controller: "ingress-nginx..traefik-nginx" };
  const sides = await openSides(readSides(old, path, flags), HERE);
  const [before, after] = sides.map(({ all: [only] }) => only) as [Routing, Routing];
  try {
    const asked = askedSides(before, after);
    const causes = (all: Iterable<{ readonly request: SampleRequest }>) =>
      differencesIn(all, asked).groups.map(({ cause }) => cause);
    const samples = requests.map(sampleOf);
    return {
      reported: causes(witnessesOf(asked.tables).requests),
      own: samples.map((request) => causes([{ request }])),
      unread: before.reading.problems.filter(({ level }) => level === "error").map(({ message }) => message),
      everywhere: differsEverywhere(asked.tables),
      decided: samples.map((request) => [possible(before, request), possible(after, request)]),
    };
  } finally {
    await Promise.all(sides.map((side) => side.close()));
  }
}

function sampleOf({ method, url, headers, bodySize }: RowRequest): SampleRequest {
  const [, scheme, host = "", target = ""] = /^(https?):\/\/([^/]*)(.*)$/.exec(url) ?? [];
  return {
    ...{ scheme: scheme === "https" ? "https" : "http", method, target, bodySize },
    headers: [["Host", host], ...headers],
  };
}

function possible(routing: Routing, request: SampleRequest): readonly string[] {
  const predictor = createPredictor(routing);
  const facts = predictor.facts(request);
  const first = predictor.decide(facts).decision;
  const others = (first.oneOf ?? []).map((_, at) => predictor.decide({ ...facts, drawn: at + 1 }).decision);
  return [...new Set([first, ...others].map(inWords))].sort();
}

function inWords(decision: Decision): string {
  if (decision.kind === "respond") return String(decision.status);
  if (decision.kind === "redirect") return `${decision.status} → ${decision.location}`;
  const { namespace, service } = decision.backend;
  const name = namespace === "default" ? service : `${namespace}/${service}`;
  return `${decision.status ?? 200} ${name} ${decision.upstreamPath}`;
}
