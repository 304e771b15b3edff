import { Box, useInput } from "ink";
import { type ReactElement, useMemo } from "react";
import type { DashboardState } from "../dashboard-state.ts";
import { openDetail } from "../detail.ts";
import type { KeyPress } from "../keys.ts";
import { planOf } from "../plan.ts";
import type { Colour } from "../style.ts";
import type { Size } from "../terminal/screen.ts";
import { DetailPane } from "./detail-pane.tsx";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { Hits } from "./hits.tsx";
import type { Canvas } from "./line.tsx";
import type { Paper } from "./paper.ts";
import { ProblemList } from "./problem-list.tsx";
import { Routes } from "./routes.tsx";

export interface ViewProps {
  readonly state: DashboardState;
  readonly size: Size;
  readonly colour: Colour;
  readonly paper: Paper;
  readonly keys: "taken" | "none";
  readonly onKey: (input: string, key: KeyPress) => void;
}

/** The panes, or the text that is open over them. */
function Body(props: { state: DashboardState; rows: number; canvas: Canvas }): ReactElement {
  const { state, rows, canvas } = props;
  const plan = planOf(state, rows);
  const { mode } = state;
  const detail = useMemo(() => openDetail(mode, canvas.columns - 2), [mode, canvas.columns]);
  if (detail !== undefined) {
    const scroll = "scroll" in mode ? mode.scroll : 0;
    const lines = plan.routes + plan.hits + plan.problems;
    return <DetailPane detail={detail} scroll={scroll} lines={lines} canvas={canvas} />;
  }
  return (
    <>
      {plan.routes > 0 && <Routes state={state} lines={plan.routes} canvas={canvas} />}
      {plan.hits > 0 && <Hits state={state} lines={plan.hits} canvas={canvas} />}
      {plan.problems > 0 && <ProblemList state={state} lines={plan.problems} canvas={canvas} />}
    </>
  );
}

/** The whole screen, with exactly as many lines as it has. */
export function View(props: ViewProps): ReactElement {
  const { state, size, colour, paper, keys, onKey } = props;
  useInput(onKey, { isActive: keys === "taken" });
  const canvas: Canvas = { columns: size.columns, colour, paper };
  const plan = planOf(state, size.rows);
  return (
    <Box flexDirection="column">
      {plan.header > 0 && <Header state={state} lines={plan.header} canvas={canvas} />}
      <Body state={state} rows={size.rows} canvas={canvas} />
      <Footer state={state} lines={plan.footer} canvas={canvas} />
    </Box>
  );
}
