import type { Outcome } from "../../../match/outcome.ts";
import type { Decision, RequestFacts } from "../../../model/decision.ts";
import type { HitEvent } from "../../../model/event.ts";
import type { Plane } from "../../../model/plane.ts";
import type { RouteTable } from "../../../model/route.ts";
import { planeFor } from "../../../select/table.ts";

export interface KeptOutcome extends Pick<Outcome, "facts" | "decision"> {
  /** The table of the match; `undefined` once it was dropped. */
  readonly table: RouteTable | undefined;
  readonly plane: Plane;
}

export interface KeptOutcomes {
  readonly use: (table: RouteTable) => void;
  readonly keep: (hit: HitEvent, facts: RequestFacts, decision: Decision) => void;
  readonly of: (hit: HitEvent) => KeptOutcome | undefined;
}

/** After a few saves nobody looks for passed-over routes any more. */
const MOST_TABLES = 3;

/** A table and the start of its use. unit: ms */
interface Generation {
  table: RouteTable | undefined;
  readonly plane: Plane;
  readonly since: number;
}

interface Entry {
  readonly hit: HitEvent;
  readonly facts: RequestFacts;
  readonly decision: Decision;
  readonly generation: Generation;
}

/** Keeps the last `most` outcomes and a few tables. `clock`: monotonic ms */
export function keepOutcomes(most: number, first: RouteTable, clock: () => number): KeptOutcomes {
  const entries: Entry[] = [];
  let next = 0;
  let oldest: Generation = { table: first, plane: first.plane, since: Number.NEGATIVE_INFINITY };
  const generations = [oldest];
  /** A request belongs to the table of its start, although its hit comes later. */
  const generationAt = (time: number) => {
    const latest = generations.at(-1) ?? oldest;
    return latest.since <= time ? latest : (generations.findLast(({ since }) => since <= time) ?? oldest);
  };
  return {
    use(table) {
      generations.push({ table, plane: table.plane, since: clock() });
      if (generations.length <= MOST_TABLES) return;
      oldest = generations.shift() ?? oldest;
      oldest.table = undefined;
    },
    keep(hit, facts, decision) {
      entries[next] = { hit, facts, decision, generation: generationAt(clock() - hit.durationMs) };
      next = (next + 1) % most;
    },
    of(hit) {
      const found = entries.find((entry) => entry.hit === hit);
      if (found === undefined) return undefined;
      const { facts, decision, generation } = found;
      const { table, plane } = generation;
      return { facts, decision, table, plane: table === undefined ? plane : planeFor(table, facts) };
    },
  };
}
