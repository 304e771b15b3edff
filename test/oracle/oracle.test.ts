import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agree, openIngressDev, openNginx, problemsOf, type Seen } from "./both.ts";
import { DIFFERENCES } from "./differences.ts";
import { ingresses, samples } from "./ingresses.ts";
import { nginxVersion, openWorkshop, type Workshop } from "./nginx.ts";
import { type OracleRequest, type RequestSketch, requestOf, requestSketch } from "./requests.ts";
import { manifestOf, type OracleIngress } from "./resources.ts";

/** CI must have nginx; elsewhere these tests are skipped without it. */
const skipped = nginxVersion() === undefined && process.env.CI !== "true";

/** Requests per set of Ingresses. */
const REQUESTS = 64;
/** Sets of Ingresses. */
const RUNS = Number(process.env.ORACLE_RUNS ?? 170);
/** A fixed seed repeats the same requests. */
const SEED = Number(process.env.ORACLE_SEED ?? 1);

interface Tally {
  requests: number;
  refused: number;
  readonly listed: Map<string, number>;
}

describe.skipIf(skipped)(`beside nginx ${nginxVersion() ?? "(there is none here)"}`, () => {
  let workshop: Workshop;
  beforeAll(async () => {
    workshop = await openWorkshop();
  });
  afterAll(() => workshop?.close());

  test("ingress-dev answers as the nginx that the controller configures", {
    timeout: 7_200_000,
  }, async () => {
    const tally: Tally = { requests: 0, refused: 0, listed: new Map() };
    const sketches = fc.array(requestSketch, { minLength: REQUESTS, maxLength: REQUESTS });
    const property = fc.asyncProperty(ingresses, sketches, async (drawn, asked) => {
      const found = await firstDifference(workshop, drawn, asked, tally);
      if (found !== undefined) throw new Error(found);
    });
    const result = await fc.check(property, { seed: SEED, numRuns: RUNS });
    const { requests, refused, listed } = tally;
    console.log(
      `seed ${SEED}: ${requests} requests, ${refused} sets refused by nginx, listed differences:`,
      listed,
    );
    if (result.failed)
      throw new Error(`ORACLE_SEED=${SEED} ORACLE_RUNS=${result.numRuns}\n${wordsOf(result.errorInstance)}`);
    // nginx refuses some sets, but must accept most.
    expect(requests).toBeGreaterThan(RUNS * REQUESTS * 0.8);
  });
});

test("docs/differences.md gives the reason of every difference that is meant, and of no other", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/differences.md"), "utf8");
  const [, section = ""] = text.split(/^# /m);
  const headings = [...section.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(DIFFERENCES.map(({ name }) => name));
});

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function firstDifference(
  workshop: Workshop,
  drawn: readonly OracleIngress[],
  sketches: readonly RequestSketch[],
  tally: Tally,
): Promise<string | undefined> {
  const nginx = await openNginx(drawn, workshop);
  if (nginx.kind === "refused") {
    tally.refused++;
    return (await stopsOf(drawn)).some((words) => nginx.why.includes(words))
      ? undefined
      : `${manifestOf(drawn)}\nnginx refuses these, and ingress-dev does not say so: ${nginx.why}\n`;
  }
  const [stop] = await stopsOf(drawn);
  if (stop !== undefined) {
    await nginx.close();
    return `${manifestOf(drawn)}\nnginx loads these, and ingress-dev says it does not: ${stop}\n`;
  }
  const ours = await openIngressDev(drawn, workshop);
  try {
    const requests = sketches.map((sketch) => requestOf(sketch, drawn, samples));
    const answers = await Promise.all(
      requests.map(async (request) => [request, await nginx.ask(request), await ours.ask(request)] as const),
    );
    for (const [request, ...seen] of answers) {
      tally.requests++;
      if (agree(request, ...seen)) continue;
      const listed = DIFFERENCES.find(({ covers }) => covers(request, ...seen));
      if (listed === undefined) return report(drawn, request, ...seen);
      tally.listed.set(listed.name, (tally.listed.get(listed.name) ?? 0) + 1);
    }
    return undefined;
  } finally {
    await nginx.close();
    await ours.close();
  }
}

/** nginx's words for everything that ingress-dev says it refuses. */
async function stopsOf(drawn: readonly OracleIngress[]): Promise<readonly string[]> {
  return (await problemsOf(drawn)).flatMap(({ stops }) => stops ?? []);
}

/** Manifests, request and both answers, in a form close to a case. */
function report(drawn: readonly OracleIngress[], request: OracleRequest, nginx: Seen, ours: Seen): string {
  const { scheme, bytes, bodySize } = request;
  const head = JSON.stringify(bytes.slice(0, bytes.length - bodySize));
  const body = bodySize === 0 ? "" : ` and ${bodySize} bytes of body`;
  const answers = `nginx:       ${JSON.stringify(nginx)}\ningress-dev: ${JSON.stringify(ours)}`;
  return `${manifestOf(drawn)}\nby ${scheme}: ${head}${body}\n${answers}\n`;
}
