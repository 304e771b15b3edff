import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openIngressDev, openNginx, type Seen } from "./both.ts";
import { ingresses, samples } from "./ingresses.ts";
import { nginxVersion, openWorkshop, type Workshop } from "./nginx.ts";
import { type OracleRequest, type RequestSketch, requestOf, requestSketch } from "./requests.ts";
import { manifestOf, type OracleIngress } from "./resources.ts";

/** In CI a missing nginx is a fault, elsewhere a reason to pass over these. */
const skipped = nginxVersion() === undefined && process.env.CI !== "true";

/** Requests of one set of Ingresses. */
const REQUESTS = 60;
/** Sets of Ingresses: `ORACLE_RUNS` for more of them. */
const RUNS = Number(process.env.ORACLE_RUNS ?? 180);
/** The same requests in every run of the tests; `ORACLE_SEED` for others. */
const SEED = Number(process.env.ORACLE_SEED ?? 1);

describe.skipIf(skipped)("beside a real nginx", () => {
  let workshop: Workshop;
  beforeAll(async () => {
    workshop = await openWorkshop();
  });
  afterAll(() => workshop?.close());

  test("ingress-dev answers as the controller's nginx does", { timeout: 3_600_000 }, async () => {
    const counts = { requests: 0, refused: 0 };
    const property = fc.asyncProperty(
      ingresses,
      fc.array(requestSketch, { minLength: 1, maxLength: REQUESTS, size: "max" }),
      async (drawn, sketches) => {
        const found = await firstDifference(workshop, drawn, sketches, counts);
        if (found !== undefined) throw new Error(found);
      },
    );
    const result = await fc.check(property, { seed: SEED, numRuns: RUNS });
    console.log(counts);
    if (result.failed) {
      const error = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
      throw new Error(`seed ${result.seed}, after ${result.numRuns} runs and ${result.numShrinks} shrinks:\n${error}`);
    }
    expect(counts.requests).toBeGreaterThan(RUNS * 10);
  });
});

async function firstDifference(
  workshop: Workshop,
  drawn: readonly OracleIngress[],
  sketches: readonly RequestSketch[],
  counts: { requests: number; refused: number },
): Promise<string | undefined> {
  const nginx = await openNginx(drawn, workshop);
  const dev = await openIngressDev(drawn, workshop);
  try {
    if (nginx.kind === "refused") {
      counts.refused++;
      if (process.env.ORACLE_REFUSED) console.log(nginx.why, dev.problems.map((p) => p.code));
      return undefined;
    }
    for (const sketch of sketches) {
      const request = requestOf(sketch, drawn, samples);
      const [theirs, ours] = [await nginx.ask(request), await dev.ask(request)];
      counts.requests++;
      if (JSON.stringify(theirs) !== JSON.stringify(ours)) return report(drawn, request, theirs, ours);
    }
    return undefined;
  } finally {
    if (nginx.kind === "running") await nginx.close();
    await dev.close();
  }
}

function report(drawn: readonly OracleIngress[], request: OracleRequest, theirs: Seen, ours: Seen): string {
  const { scheme, bytes, bodySize } = request;
  const head = JSON.stringify(bytes.slice(0, bytes.length - bodySize));
  return `${manifestOf(drawn)}\nby ${scheme}: ${head} and ${bodySize} bytes of body\nnginx:       ${JSON.stringify(theirs)}\ningress-dev: ${JSON.stringify(ours)}\n`;
}
