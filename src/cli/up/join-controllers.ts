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

/** One stream of events and one list of problems and rows for several controllers. */
export function joinControllers(
  count: number,
  bus: Bus,
  problems: ProblemChanges,
): (at: number, controller: string) => Joined {
  if (count === 1) return () => ({ bus, problems });
  const rows: (readonly RouteRow[])[] = [];
  const found = new Map<Finder, (readonly Problem[])[]>();
  return (at, controller) => ({
    bus: {
      takesRows: bus.takesRows,
      tell(event) {
        if (event.type === "routes") {
          rows[at] = event.rows;
          bus.tell({ type: "routes", rows: rows.flat() });
        } else bus.tell(isOfController(event) ? { ...event, controller } : event);
      },
    },
    problems: {
      set(finder, own) {
        const lists = found.get(finder) ?? Array.from({ length: count }, () => []);
        lists[at] = own;
        found.set(finder, lists);
        problems.set(finder, jointProblems(lists));
      },
    },
  });
}

function isOfController(event: BusEvent): event is Extract<BusEvent, { readonly type: "hit" | "reload" }> {
  return event.type === "hit" || event.type === "reload";
}
