import { type DashboardState, type Mode, PANES } from "./dashboard-state.ts";
import { listItems, position } from "./select.ts";

/** A command once the dashboard knows how much of a list or text is on the screen. */
export type KeyAction =
  /** Negative: up. `Infinity`: to the end. */
  | { readonly type: "move"; readonly by: number }
  /** The same in a text; `most`: lines above the last screenful. */
  | { readonly type: "scroll"; readonly by: number; readonly most: number }
  | { readonly type: "next-view" | "previous-view" | "help" | "back" }
  | { readonly type: "filter"; readonly step: "start" | "keep" | "clear" | "erase" }
  | { readonly type: "filter-text"; readonly text: string }
  /** Enter: the reasons, from the CLI, already `printable`. */
  | { readonly type: "why"; readonly title: string; readonly lines: readonly string[] };

const LIST: Mode = { kind: "list" };

/** unit: UTF-16 units. A paste by mistake must not fill the footer. */
const LONGEST_FILTER = 200;

function moved(state: DashboardState, by: number): DashboardState {
  const { view } = state;
  const keys = listItems(state, view).map((item) => item.key);
  const last = keys.length - 1;
  const index = Math.max(0, Math.min(last, position(view, keys, state.cursors[view]) + by));
  const key = keys[index];
  // The newest hit gets no cursor: whoever goes there wants to see what comes.
  const cursor = key === undefined || (view === "hits" && index === last) ? undefined : { key, index };
  return { ...state, cursors: { ...state.cursors, [view]: cursor } };
}

function scrolled(state: DashboardState, by: number, most: number): DashboardState {
  const { mode } = state;
  if (mode.kind !== "help" && mode.kind !== "why") return state;
  // Starts from what is shown, not from what was asked for: the screen may have grown since.
  const scroll = Math.max(0, Math.min(most, Math.min(most, mode.scroll) + by));
  return { ...state, mode: { ...mode, scroll } };
}

/** Esc leaves the innermost first: the text, the filter, the selection. */
function back(state: DashboardState): DashboardState {
  if (state.mode.kind === "filtering") return { ...state, mode: LIST, filter: "" };
  if (state.mode.kind !== "list") return { ...state, mode: LIST };
  if (state.filter !== "") return { ...state, filter: "" };
  return { ...state, cursors: { ...state.cursors, [state.view]: undefined } };
}

function filtering(state: DashboardState, step: "start" | "keep" | "clear" | "erase"): DashboardState {
  switch (step) {
    case "start":
      return { ...state, mode: { kind: "filtering" } };
    case "keep":
      return { ...state, mode: LIST };
    case "clear":
      return { ...state, filter: "" };
    case "erase":
      return { ...state, filter: [...state.filter].slice(0, -1).join("") };
  }
}

export function navigate(state: DashboardState, action: KeyAction): DashboardState {
  switch (action.type) {
    case "move":
      return moved(state, action.by);
    case "scroll":
      return scrolled(state, action.by, action.most);
    case "next-view":
    case "previous-view": {
      const step = action.type === "next-view" ? 1 : PANES.length - 1;
      const view = PANES[(PANES.indexOf(state.view) + step) % PANES.length] ?? "hits";
      return { ...state, view };
    }
    case "help":
      return { ...state, mode: state.mode.kind === "help" ? LIST : { kind: "help", scroll: 0 } };
    case "back":
      return back(state);
    case "filter":
      return filtering(state, action.step);
    case "filter-text":
      return { ...state, filter: (state.filter + action.text).slice(0, LONGEST_FILTER) };
    case "why":
      return { ...state, mode: { kind: "why", title: action.title, lines: action.lines, scroll: 0 } };
  }
}
