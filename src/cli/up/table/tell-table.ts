import type { Steps } from "../../../steps.ts";
import type { ServiceMap } from "../../../upstream/map.ts";
import type { Resolver } from "../../../upstream/resolve.ts";
import { hostsOf } from "../../addresses.ts";
import type { Settings } from "../../options.ts";
import { openAuthentication } from "../../routing/open-auth.ts";
import { unusedMaps } from "../../routing/unused-maps.ts";
import type { Bus } from "../bus.ts";
import { openToNetwork } from "../option-problems.ts";
import type { ProblemChanges } from "../problem-changes.ts";
import type { Listeners, StandInMaker } from "../stand-ins.ts";
import { type Announced, changesBetween } from "./changes.ts";
import type { Loaded } from "./loaded.ts";
import { rowsOf } from "./rows.ts";

interface TellingOptions {
  readonly settings: Settings;
  readonly maps: readonly ServiceMap[];
  readonly bus: Pick<Bus, "tell" | "takesRows">;
  readonly problems: Pick<ProblemChanges, "set">;
  readonly standIns: StandInMaker | undefined;
  readonly resolver: Resolver;
  readonly listeners: Listeners;
  readonly onHosts: (hosts: readonly string[]) => void;
}

/** Tells of the table in force, in steps. What is given up is told with the next table. */
export interface TableTelling {
  problems(loaded: Loaded): Steps<void>;
  /** The lines of the routes pane, if there is one. */
  rows(loaded: Loaded): Steps<void>;
  /** Everything that is not as it was told before. `ms`: from the noticing of a change to its table */
  changes(loaded: Loaded, ms: number): Steps<void>;
}

/** `first`: the table that is announced without any changes. */
export function createTelling(first: Loaded, options: TellingOptions): TableTelling {
  const { settings, maps, bus, standIns, resolver, listeners } = options;
  const announcedOf = ({ table, snapshot }: Loaded): Announced => ({
    table,
    snapshot,
    describe: resolver.describer(),
  });
  let announced = announcedOf(first);

  function* problems({ problems: found, table, wanted, reading }: Loaded): Steps<void> {
    options.problems.set("manifests", found);
    yield;
    options.problems.set("stand-ins", standIns?.problems(table, listeners) ?? []);
    yield;
    options.problems.set("options", [
      ...openToNetwork(settings.bind),
      ...(yield* unusedMaps(maps, wanted, reading.snapshot.services)),
      ...(yield* openAuthentication(table, resolver)),
    ]);
  }

  function* rows({ table }: Loaded): Steps<void> {
    if (bus.takesRows()) bus.tell({ type: "routes", rows: yield* rowsOf(table, resolver) });
  }

  return {
    problems,
    rows,
    *changes(loaded, ms) {
      yield* problems(loaded);
      const now = announcedOf(loaded);
      const changes = yield* changesBetween(announced, now);
      announced = now;
      if (changes === undefined) return;
      bus.tell({ type: "reload", routes: loaded.table.routes.length, ...changes.routes, ms });
      yield* rows(loaded);
      if (changes.hosts === "changed") options.onHosts(hostsOf(loaded.wanted));
    },
  };
}
