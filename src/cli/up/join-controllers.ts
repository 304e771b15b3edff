import type { RouteRow } from "../../../ui/dashboard-state.ts";
import type { Problem } from "../../model/problem.ts";
import { jointProblems } from "../routing/joint-problems.ts";
import type { Bus, BusEvent } from "./bus.ts";
import type { Finder, ProblemChanges } from "./problem-changes.ts";

/** What each of several controllers tells by. */
interface Joined {
  readonly bus: Pick<Bus, "tell" | "takesRows">;
  readonly problems: Pick<ProblemChanges, "set">;
}

/** One stream of events and one list of problems and rows for several controllers, at first `count`. */
export function joinControllers(
  count: number,
  bus: Bus,
  problems: ProblemChanges,
): (at: number, controller: string) => Joined {
  const names: string[] = [];
  const rows: (readonly RouteRow[])[] = [];
  const isSeveral = () => Math.max(count, names.length) > 1;
  const named = (own: readonly RouteRow[], at: number) =>
    own.map((row) => ({ ...row, controller: names[at] }));
  const found = new Map<Finder, (readonly Problem[])[]>();
  return (at, controller) => {
    names[at] = controller;
    return {
      bus: {
        takesRows: bus.takesRows,
        tell(event) {
          if (event.type === "routes") {
            rows[at] = event.rows;
            bus.tell({ type: "routes", rows: isSeveral() ? rows.flatMap(named) : event.rows });
          } else bus.tell(isSeveral() && isOfController(event) ? { ...event, controller } : event);
        },
      },
      problems: {
        set(finder, own) {
          const lists = found.get(finder) ?? [];
          lists[at] = own;
          found.set(finder, lists);
          // A controller that has said nothing yet says nothing against the others.
          problems.set(finder, jointProblems(lists.filter((list) => list !== undefined)));
        },
      },
    };
  };
}

function isOfController(event: BusEvent): event is Extract<BusEvent, { readonly type: "hit" | "reload" }> {
  return event.type === "hit" || event.type === "reload";
}
