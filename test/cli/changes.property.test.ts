import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { type Announced, changesBetween } from "../../src/cli/up/table/changes.ts";
import { type Compiled, compile, compileInSteps } from "../../src/compile/compile.ts";
import { createMemory } from "../../src/compile/memory.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { atOnce } from "../../src/steps.ts";
import { createEchoService } from "../../src/upstream/echo.ts";
import { createResolver } from "../../src/upstream/resolve.ts";
import { plainOf } from "../compile/again/plain.ts";
import { type Edit, edited, FIRST, snapshotOfWorld, type World } from "../compile/again/world.ts";

const edit: fc.Arbitrary<Edit> = fc.tuple(fc.nat(10_000), fc.nat(10_000), fc.nat(100_000));
const beginning = fc.array(edit, { minLength: 5, maxLength: 30 });
const saves = fc.array(fc.array(edit, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 8 });

/** A route of every host that is also that of a host which goes. */
const SHARED_ROUTE: [Edit[], Edit[][]] = [
  [
    [0, 0, 0],
    [4969, 0, 27271],
    [109, 0, 0],
    [1312, 0, 0],
    [9832, 3439, 97120],
    [3, 0, 0],
    [0, 226, 1],
  ],
  [[[1825, 0, 0]]],
];

const echo = createEchoService();
afterAll(() => echo.close());
const resolverOf = (snapshot: Snapshot) => createResolver({ snapshot, maps: [], echo });

function announced({ table }: Compiled, snapshot: Snapshot): Announced {
  return { table, snapshot, describe: resolverOf(snapshot).describe };
}

/** What routes are there, by comparing all of them. */
function routesOf({ table }: Compiled): readonly string[] {
  return table.routes.map(({ id }) => id);
}

test("hosts that stay the same objects make no difference to what is told", () => {
  fc.assert(
    fc.property(beginning, saves, (first, then) => {
      const memory = createMemory();
      const compiledOf = (world: World) => {
        const snapshot = snapshotOfWorld(world);
        const kept = atOnce(compileInSteps(snapshot, world.options, memory));
        const anew = compile(snapshot, world.options);
        return { snapshot, kept, anew };
      };
      let world = first.reduce(edited, FIRST);
      let before = compiledOf(world);
      for (const edits of then) {
        world = edits.reduce(edited, world);
        const now = compiledOf(world);
        const told = atOnce(
          changesBetween(announced(before.kept, before.snapshot), announced(now.kept, now.snapshot)),
        );
        // The same from tables that have no object in common.
        expect(told).toEqual(
          atOnce(changesBetween(announced(before.anew, before.snapshot), announced(now.anew, now.snapshot))),
        );
        const [old, come] = [routesOf(before.anew), routesOf(now.anew)];
        const added = come.filter((id) => !old.includes(id));
        const removed = old.filter((id) => !come.includes(id));
        expect([...(told?.routes.added ?? [])].sort()).toEqual([...new Set(added)].sort());
        expect([...(told?.routes.removed ?? [])].sort()).toEqual([...new Set(removed)].sort());
        // Nothing is told where nothing is different.
        const same = JSON.stringify(plainOf(before.anew)) === JSON.stringify(plainOf(now.anew));
        if (same && before.snapshot.services === now.snapshot.services) expect(told).toBeUndefined();
        before = now;
      }
    }),
    { numRuns: 40, examples: [SHARED_ROUTE] },
  );
});
