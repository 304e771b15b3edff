import { type ChildProcess, fork, type StdioOptions, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";

/** A started program whose processor time and memory are read from `/proc`. */
export interface Program {
  readonly name: string;
  readonly ports: { readonly http: number; readonly https: number };
  /** Of all its threads, since its start. unit: µs */
  cpu(): number;
  /** Resident memory. unit: MB (10^6 bytes) */
  resident(): number;
  stop(): Promise<void>;
}

const TICK_US = 10_000;

/** True if `/proc` tells the processor time of other processes, as on Linux. */
export function canMeasure(): boolean {
  try {
    return ticksOf(process.pid) >= 0;
  } catch {
    return false;
  }
}

/** proc(5): fields 14 and 15 of `stat`, behind the name in parentheses. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

/** Processor time of a process and its children (nginx's worker). unit: µs */
export function cpuOf(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + ticksOf(each) * TICK_US, 0);
}

/** unit: MB */
export function residentOf(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

/** What is measured has one core, and what loads it the other; without `taskset` or a second core, all share. */
export type Core = "measured" | "loading" | "any";

/** True if a command is installed; `/usr/sbin` is not in every user's PATH. */
export function isCommand(name: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders.some((folder) => existsSync(join(folder, name)));
}

const taskset = isCommand("taskset") && availableParallelism() > 1;

function onCore(core: Core, command: string, args: readonly string[]): [string, string[]] {
  if (!taskset || core === "any") return [command, [...args]];
  return ["taskset", ["-c", core === "measured" ? "0" : "1", command, ...args]];
}

/** Ends a process and waits for it. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await exited;
  clearTimeout(late);
}

type Started = ChildProcess & { readonly pid: number };

async function started(child: ChildProcess): Promise<Started> {
  await new Promise<void>((ready, fail) => {
    child.once("spawn", ready);
    child.once("error", fail);
  });
  if (child.pid === undefined) throw new Error("it has no process id");
  return child as Started;
}

/** Starts a TypeScript file on a core, for messages. */
export function forkOn(core: Core, script: string): ChildProcess {
  const flags = ["--import", "tsx"];
  const [command, args] = onCore(core, process.execPath, flags);
  const isPinned = command !== process.execPath;
  return fork(script, [], { execPath: command, execArgv: isPinned ? args : flags });
}

/** Starts a command on a core. @throws Error if it cannot be started */
export function startOn(
  core: Core,
  command: string,
  args: readonly string[],
  stdio: StdioOptions = "ignore",
): Promise<Started> {
  const [name, all] = onCore(core, command, args);
  return started(spawn(name, all, { stdio }));
}
