import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Owner } from "./block.ts";

/**
 * This process, in a form that tells another one later if it still runs.
 *
 * Linux counts starts in clock ticks since boot (proc_pid_stat(5), field 22). Elsewhere `ps -o lstart=` knows them to
 * the second. Without `ps` (Windows) `started` is `""`, and the pid alone counts.
 */
export function currentOwner(platform: NodeJS.Platform = process.platform): Owner {
  return { pid: process.pid, started: startOf(process.pid, platform) ?? "", boot: bootId(platform) };
}

/**
 * True if the owner still runs, or in doubt (another user's hidden process): a line too many is better than a
 * running instance without its line.
 */
export function alive(owner: Owner, platform: NodeJS.Platform = process.platform): boolean {
  const boot = bootId(platform);
  if (owner.boot !== "" && boot !== "" && owner.boot !== boot) return false;
  const started = startOf(owner.pid, platform);
  return started !== undefined && (started === "" || owner.started === "" || owner.started === started);
}

/** `4711:8130:5c3f…`, for a command line and the lock. */
export function ownerText({ pid, started, boot }: Owner): string {
  return `${pid}:${started}:${boot}`;
}

/** The owner of `ownerText`; `undefined` for any other text. */
export function parseOwner(text: string): Owner | undefined {
  const [, pid, started = "", boot = ""] = /^([1-9]\d{0,9}):([\w.-]*):([\w.-]*)$/.exec(text) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), started, boot };
}

/** `undefined`: no such process runs. `""`: it runs, and its start is unknown. */
function startOf(pid: number, platform: NodeJS.Platform): string | undefined {
  if (!isRunning(pid)) return undefined;
  return platform === "linux" ? startFromProc(pid) : startFromPs(pid);
}

function isRunning(pid: number): boolean {
  // kill(2) takes 0 and negative numbers for groups of processes.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the command in parentheses, which may hold spaces and parentheses itself.
    const [state = "", ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended, but its parent has not asked about it yet.
    return state === "Z" || state === "X" ? undefined : (fields[18] ?? "");
  } catch {
    return isRunning(pid) ? "" : undefined;
  }
}

function startFromPs(pid: number): string {
  try {
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "latin1",
      // The same words in every locale and time zone, or two instances would not agree.
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 2000,
    });
    const ms = Date.parse(`${text.trim()} UTC`);
    return Number.isNaN(ms) ? "" : String(ms / 1000);
  } catch {
    return "";
  }
}

function bootId(platform: NodeJS.Platform): string {
  if (platform !== "linux") return "";
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}
