import { type ReactElement, useMemo } from "react";
import type { ProblemEvent } from "../../src/model/event.ts";
import { type DashboardState, problemKey } from "../dashboard-state.ts";
import { shown } from "../layout.ts";
import { printable } from "../printable.ts";
import { place, problemCount, shortSentence } from "../problems.ts";
import { placeIn, visibleProblems } from "../select.ts";
import { levelStyle } from "../style.ts";
import type { Canvas, Span } from "./line.tsx";
import { Pane } from "./pane.tsx";

function spansOf(problem: ProblemEvent): readonly Span[] {
  const where = place(problem);
  return [
    { text: " " },
    { text: problem.level, columns: 8, ...levelStyle(problem.level) },
    { text: where === "" ? "" : `${where}  `, weight: "dim" },
    { text: shortSentence(problem) },
  ];
}

export function ProblemList(props: { state: DashboardState; lines: number; canvas: Canvas }): ReactElement {
  const { state, lines, canvas } = props;
  const { problems, filter } = state;
  const entries = useMemo(() => visibleProblems({ problems, filter }), [problems, filter]);
  const selected = placeIn("problems", entries, problemKey, state.cursors.problems);
  const [from, to] = shown(entries.length, selected, lines - 1, "first");
  return (
    <Pane
      name="Problems"
      note={filter === "" ? problemCount(entries) : `${entries.length} of ${problems.size}`}
      view="problems"
      focused={state.view}
      lines={lines}
      canvas={canvas}
      empty={[problems.size === 0 ? "no problems" : `no problem has “${printable(filter)}” in it`]}
      rows={entries.slice(from, to).map((problem, index) => ({
        spans: spansOf(problem),
        selected: from + index === selected,
      }))}
    />
  );
}
