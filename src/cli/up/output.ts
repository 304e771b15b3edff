import { createJsonLines } from "../../../ui/json.ts";
import type { Colour } from "../../../ui/style.ts";
import { colourFor } from "../../../ui/style.ts";
import { textLines } from "../../../ui/text.ts";
import { CODES } from "../../errors.ts";
import type { Event, HitEvent } from "../../model/event.ts";
import type { Settings } from "../options.ts";
import { reportWarning } from "../report.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Bus } from "./bus.ts";
import { createLineWriter, LINE_LIMITS } from "./output/line-writer.ts";
import type { StopRequests } from "./stop.ts";
import { stopByError, stopBySignal } from "./stop.ts";

export interface Output {
  /** Releases the terminal. Text and JSON lines go on until the end, each written at once. */
  readonly release: () => Promise<void>;
}

/** CI systems set CI, even on a pseudo terminal: nobody sees a dashboard or answers a question. */
export function isAutomated({ CI }: Surroundings["env"]): boolean {
  return CI !== undefined && !["", "0", "false"].includes(CI.toLowerCase());
}

/** default: the dashboard on a terminal, else text */
export function formOf(settings: Settings, surroundings: Surroundings): "tui" | "text" | "json" {
  const { stdin, stdout, env } = surroundings;
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true && env.TERM !== "dumb";
  if (settings.output !== "tui" || isTerminal)
    return settings.output ?? (isTerminal && !isAutomated(env) ? "tui" : "text");
  const message = "--output tui needs a terminal: lines of text instead.";
  reportWarning("bad-option", message, surroundings, "Leave it out, or run up on a terminal.");
  return "text";
}

function linesOf(form: "text" | "json", colour: Colour): (event: Event) => readonly string[] {
  if (form === "text") return (event) => textLines(event, { colour });
  const jsonLine = createJsonLines();
  return (event) => [jsonLine(event)];
}

/** Hits that a slow reader of the output did not get. */
function missedHits(count: number): Event {
  const hits = count === 1 ? "1 hit is" : `${count} hits are`;
  const message = `${hits} left out here: the reader of the output is too slow, and ${LINE_LIMITS.behind / 1024 ** 2} MB waited for it.`;
  return { type: "problem", code: "output-behind", level: "warning", message, fix: CODES["output-behind"] };
}

/**
 * Writes events to standard output as text or JSON: hits in batches, all others at once. A closed reader ends
 * `up` silently.
 */
function startLines(form: "text" | "json", bus: Bus, surroundings: Surroundings, stop: StopRequests): Output {
  const { stdout } = surroundings;
  const colour = colourFor(stdout, surroundings.env);
  stdout.once("error", () => stop.request({ reason: "output closed", exitCode: 0 }));
  const lines = linesOf(form, colour);
  const writer = createLineWriter(stdout, (count) => lines(missedHits(count)));
  bus.subscribeToEvents((event) => {
    if (!stdout.writable) return;
    if (event.type === "hit") for (const line of lines(event)) writer.add(line);
    else writer.tell(lines(event));
  });
  return { release: async () => writer.hurry() };
}

/** Ends `up` on the dashboard's keys and failures. */
function onQuit(stop: StopRequests): (reason: string, error?: unknown) => void {
  return (reason, error) => {
    if (reason === "q") stop.request({ reason, exitCode: 0 });
    else if (reason === "Ctrl-C") stop.request(stopBySignal("SIGINT"));
    else if (reason === "terminal-closed")
      stop.request({ ...stopBySignal("SIGHUP"), reason: "terminal closed" });
    else stop.request(stopByError(error));
  };
}

/** Starts the output of events. ink and React are loaded only for the dashboard. */
export async function startOutput(
  form: "tui" | "text" | "json",
  bus: Bus,
  explainHits: () => (hit: HitEvent) => readonly string[],
  surroundings: Surroundings,
  stop: StopRequests,
): Promise<Output> {
  if (form !== "tui") return startLines(form, bus, surroundings, stop);
  const [{ startDashboard }, { initialState }] = await Promise.all([
    import("../../../ui/dashboard.tsx"),
    import("../../../ui/state.ts"),
  ]);
  const { stdin, stdout } = surroundings;
  const dashboard = startDashboard({
    stdin,
    stdout,
    initial: initialState(),
    subscribe: bus.subscribe,
    explain: explainHits(),
    onQuit: onQuit(stop),
  });
  return { release: () => dashboard.stop() };
}
