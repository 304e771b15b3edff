import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type FaultyBackend, startFaulty } from "./faults/backend.ts";
import { FAULT_DIFFERENCES } from "./faults/differences.ts";
import { type Observed, observe } from "./faults/observe.ts";
import { openIngressDev, openNginx } from "./faults/sides.ts";
import { FAULTS } from "./faults/table.ts";
import { nginxVersion } from "./nginx.ts";
import type { Side } from "./served.ts";

const MEANT: ReadonlySet<string> = new Set(FAULT_DIFFERENCES.flatMap(({ faults }) => faults));
const skipped = nginxVersion() === undefined && process.env.CI !== "true";

/** Plays a fault to both sides. */
async function meet(
  open: (ports: readonly number[]) => Promise<Side>,
): Promise<ReadonlyMap<string, Observed>> {
  const backends: FaultyBackend[] = [];
  for (const { steps, primed } of FAULTS) backends.push(await startFaulty(steps, primed));
  const side = await open(backends.map(({ port }) => port));
  const seen = await Promise.all(
    FAULTS.map(async (fault, index) => {
      const asked = () => backends[index]?.asked() ?? 0;
      return [fault.name, await observe(side.port, `/${index}`, fault, asked)] as const;
    }),
  );
  await side.close();
  await Promise.all(backends.map((backend) => backend.close()));
  return new Map(seen);
}

describe.skipIf(skipped)("faults of backends, beside nginx", () => {
  let nginx: ReadonlyMap<string, Observed>;
  let ours: ReadonlyMap<string, Observed>;
  beforeAll(async () => {
    [nginx, ours] = [await meet(openNginx), await meet(openIngressDev)];
  }, 60_000);

  test.each(FAULTS)("$name", ({ name }) => {
    if (MEANT.has(name))
      expect(ours.get(name), "no longer different: take it off the list").not.toEqual(nginx.get(name));
    else expect(ours.get(name)).toEqual(nginx.get(name));
  });
});

test("the list of differences names faults of the table, each once", () => {
  const names = FAULT_DIFFERENCES.flatMap(({ faults }) => faults);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !FAULTS.some((fault) => fault.name === name))).toEqual([]);
});

test("docs/differences.md gives the reason of every difference that is meant, and of no other", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/differences.md"), "utf8");
  const section = text.split(/^# (?=Where a backend's answer is broken$)/m)[1]?.split(/^# /m)[0] ?? "";
  const headings = [...section.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(FAULT_DIFFERENCES.map(({ name }) => name));
});
