import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nginxVersion } from "./nginx.ts";
import { type RecordingBackend, startRecording } from "./raw/backend.ts";
import { RAW_DIFFERENCES } from "./raw/differences.ts";
import { mutated, random } from "./raw/mutate.ts";
import { type Observed, observe, PATIENT_MS } from "./raw/observe.ts";
import { openIngressDev, openNginx } from "./raw/sides.ts";
import { TABLE } from "./raw/table.ts";
import type { Side } from "./served.ts";

/** CI must have nginx; elsewhere these tests are skipped without it. */
const skipped = nginxVersion() === undefined && process.env.CI !== "true";
/** A fixed seed repeats the same mutations. */
const SEED = Number(process.env.RAW_SEED ?? 1);
const RUNS = Number(process.env.RAW_RUNS ?? 600);
/** Parallel connections. */
const LANES = 12;

describe.skipIf(skipped)(`bytes of clients, beside nginx ${nginxVersion() ?? "(there is none here)"}`, () => {
  let backend: RecordingBackend;
  let nginx: Side;
  let ours: Side;
  beforeAll(async () => {
    backend = await startRecording();
    [nginx, ours] = [await openNginx(backend.port), await openIngressDev(backend.port)];
  });
  afterAll(async () => {
    await nginx?.close();
    await ours?.close();
    await backend?.close();
  });

  const seenBy = async (bytes: string, quiet?: number): Promise<readonly [Observed, Observed]> => [
    await observe(nginx.port, bytes, "at once", quiet),
    await observe(ours.port, bytes, "at once", quiet),
  ];
  const isExplained = (bytes: string, seen: readonly [Observed, Observed]): boolean =>
    same(...seen) || RAW_DIFFERENCES.some(({ covers }) => covers(bytes, ...seen));

  /** Sends each to both, and returns unintended differences. */
  async function differences(cases: readonly (readonly [string, string])[]): Promise<string[]> {
    const found: string[] = [];
    const left = [...cases];
    const lane = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const [name, bytes] = next;
        if (isExplained(bytes, await seenBy(bytes))) continue;
        const again = await seenBy(bytes, PATIENT_MS);
        if (!isExplained(bytes, again)) found.push(report(name, bytes, ...again));
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return found;
  }

  test(`${TABLE.length} that were thought of`, { timeout: 300_000 }, async () => {
    expect(await differences(TABLE)).toEqual([]);
  });

  test(`${RUNS} that are those with something changed`, { timeout: 300_000 }, async () => {
    const next = random(SEED);
    const changed = Array.from({ length: RUNS }, (_, run) => {
      const [name, bytes] = TABLE[next(TABLE.length)] ?? ["", ""];
      return [`RAW_SEED=${SEED}, ${run}, from "${name}"`, mutated(bytes.slice(0, 2_000), next)] as const;
    });
    expect(await differences(changed)).toEqual([]);
  });

  test("byte by byte they are the same as at once", { timeout: 300_000 }, async () => {
    const next = random(SEED);
    const short = TABLE.filter(([, bytes]) => bytes.length < 400);
    const some = short.filter(() => next(4) === 0);
    const wrong: string[] = [];
    for (const [name, bytes] of some) {
      const seen = (quiet?: number) =>
        Promise.all([
          observe(ours.port, bytes, "at once", quiet),
          observe(ours.port, bytes, "byte by byte", quiet),
        ]);
      if (same(...(await seen()))) continue;
      const again = await seen(PATIENT_MS);
      if (!same(...again)) wrong.push(report(name, bytes, ...again));
    }
    expect(wrong).toEqual([]);
    expect(some.length).toBeGreaterThan(100);
  });
});

test("docs/differences.md gives the reason of every difference that is meant, and of no other", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/differences.md"), "utf8");
  const section = text.split(/^# (?=Where a request is read otherwise$)/m)[1]?.split(/^#{1,2} /m)[0] ?? "";
  const headings = [...section.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(RAW_DIFFERENCES.map(({ name }) => name));
});

function same(nginx: Observed, ours: Observed): boolean {
  return JSON.stringify(nginx) === JSON.stringify(ours);
}

function report(name: string, bytes: string, nginx: Observed, ours: Observed): string {
  const shown = JSON.stringify(bytes.length > 600 ? `${bytes.slice(0, 600)}…` : bytes);
  return `${name}\n  ${shown}\n  nginx:       ${JSON.stringify(nginx)}\n  ingress-dev: ${JSON.stringify(ours)}`;
}
