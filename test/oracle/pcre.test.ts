import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compilePattern } from "../../src/pcre/pattern.ts";
import { MEANINGS, REFUSALS } from "../pcre/pcre-table.ts";
import { nginxVersion, openWorkshop, startNginx, type Workshop } from "./nginx.ts";
import { pattern as anyPattern, subject as anySubject } from "./patterns.ts";
import { openPcre, pcreConfiguration, type Verdict } from "./pcre-server.ts";

const skipped = nginxVersion() === undefined && process.env.CI !== "true";

/** Patterns per nginx. */
const PATTERNS = 100;
const SUBJECTS = 5;
/** Sets of patterns. */
const RUNS = Number(process.env.ORACLE_RUNS ?? 10);
const SEED = Number(process.env.ORACLE_SEED ?? 1);
/** Time limit for shrinking one set; each step starts an nginx. unit: ms */
const LONGEST_MS = 20_000;
const GROUPS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

function ours(source: string, subject: string): Verdict | "refused" {
  const compiled = compilePattern(source, "anywhere");
  if (compiled.kind === "refused") return "refused";
  const found = compiled.pattern.exec(subject);
  if (found === null) return "no match";
  return found === "too-complex" ? "match limit" : GROUPS.map((group) => found[group] ?? "");
}

describe.skipIf(skipped)("beside PCRE, in an nginx", () => {
  let workshop: Workshop;
  beforeAll(async () => {
    workshop = await openWorkshop();
  });
  afterAll(() => workshop?.close());

  test("the rows of the table mean what PCRE says", async () => {
    const server = await openPcre(
      MEANINGS.map(([source]) => `^${source}`),
      workshop,
    );
    if (server.kind === "refused") throw new Error(server.why);
    const told: (readonly [string, string, Verdict])[] = [];
    for (const [index, [source, subject]] of MEANINGS.entries())
      told.push([source, subject, await server.match(index, subject)]);
    await server.close();
    const written = MEANINGS.map(([source, subject, captures]) => {
      const verdict = captures === null ? "no match" : GROUPS.map((group) => captures[group] ?? "");
      return [source, subject, verdict];
    });
    expect(told).toEqual(written);
  });

  test.each(REFUSALS)("%s, refused for %s: PCRE %s", async (source, _, pcre) => {
    const nginx = await startNginx(pcreConfiguration([source], workshop), workshop);
    if (nginx.kind === "running") await nginx.stop();
    expect(nginx.kind).toBe(pcre === "takes it" ? "running" : "refused");
  });

  test("patterns of any kind hold what PCRE says", { timeout: 7_200_000 }, async () => {
    const tally = { asked: 0, matched: 0, limits: 0 };
    const drawn = fc.tuple(anyPattern, fc.array(anySubject, { minLength: SUBJECTS, maxLength: SUBJECTS }));
    const property = fc.asyncProperty(
      fc.array(drawn, { minLength: PATTERNS, maxLength: PATTERNS }),
      async (rows) => {
        const taken = rows.filter(([source]) => compilePattern(source, "anywhere").kind === "compiled");
        const server = await openPcre(
          taken.map(([source]) => source),
          workshop,
        );
        if (server.kind === "refused") throw new Error(`nginx refuses: ${server.why}`);
        try {
          for (const [index, [source, subjects]] of taken.entries())
            for (const subject of subjects) {
              const verdict = await server.match(index, subject);
              const own = ours(source, subject);
              tally.asked++;
              if (typeof verdict !== "string") tally.matched++;
              // PCRE counts steps differently, so either side may give up first.
              if (verdict === "match limit" || own === "match limit") tally.limits++;
              else if (JSON.stringify(verdict) !== JSON.stringify(own))
                throw new Error(
                  `${JSON.stringify([source, subject])}\nPCRE: ${JSON.stringify(verdict)}\nours: ${JSON.stringify(own)}`,
                );
            }
        } finally {
          await server.close();
        }
      },
    );
    const result = await fc.check(property, {
      seed: SEED,
      numRuns: RUNS,
      interruptAfterTimeLimit: LONGEST_MS * RUNS,
    });
    console.log(`seed ${SEED}: ${tally.asked} subjects, ${tally.matched} matched, ${tally.limits} limits`);
    if (result.failed)
      throw new Error(`ORACLE_SEED=${SEED} ORACLE_RUNS=${result.numRuns}\n${result.errorInstance}`);
    expect(tally.matched).toBeGreaterThan(RUNS * PATTERNS);
    expect(tally.limits).toBeLessThan(tally.asked / 100);
  });
});
