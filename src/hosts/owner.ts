import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Owner } from "./block.ts";

/**
 * Who this process is, so that another can tell later whether it still runs: pid, start time, and boot of the machine.
 *
 * Linux counts starts in clock ticks since boot (proc_pid_stat(5), field 22). Elsewhere `ps -o lstart=` knows them to
 * the second; where there is no `ps` (Windows) `started` is `""` and the pid alone counts.
 */
export function currentOwner(platform: NodeJS.Platform = process.platform): Owner {
  const { started } = stateOf(process.pid, platform);
  return { pid: process.pid, started: started ?? "", boot: bootId(platform) };
}

/**
 * Whether the owner still runs. In doubt (a process of another user, hidden from us) it does: a line too many is
 * better than the line of a running instance taken away.
 */
export function alive(owner: Owner, platform: NodeJS.Platform = process.platform): boolean {
  const boot = bootId(platform);
  if (owner.boot !== "" && boot !== "" && owner.boot !== boot) return false;
  const { running, started } = stateOf(owner.pid, platform);
  if (!running) return false;
  return started === undefined || owner.started === "" || owner.started === started;
}

/** `4711:8130:5c3f…`, for a command line. */
export function ownerText({ pid, started, boot }: Owner): string {
  return `${pid}:${started}:${boot}`;
}

/** The owner of `ownerText`; undefined where the text is none. */
export function parseOwner(text: string): Owner | undefined {
  const found = /^([1-9]\d{0,9}):([\w.-]*):([\w.-]*)$/.exec(text);
  return found === null
    ? undefined
    : { pid: Number(found[1]), started: found[2] ?? "", boot: found[3] ?? "" };
}

/** Whether the pid is a running process, and when that started where this can be known. */
function stateOf(pid: number, platform: NodeJS.Platform): { running: boolean; started?: string | undefined } {
  if (!exists(pid)) return { running: false };
  return platform === "linux" ? fromProc(pid) : { running: true, started: fromPs(pid) };
}

function exists(pid: number): boolean {
  // kill(2) takes 0 and negative numbers for groups of processes.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function fromProc(pid: number): { running: boolean; started?: string | undefined } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the command in parentheses, which may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; only its parent has not asked about it yet.
    return { running: fields[0] !== "Z" && fields[0] !== "X", started: fields[19] };
  } catch {
    return { running: exists(pid) };
  }
}

function fromPs(pid: number): string | undefined {
  try {
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "latin1",
      // The same words in every locale and time zone, or two instances would not agree.
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 2000,
    }).trim();
    const ms = Date.parse(`${text} UTC`);
    return Number.isNaN(ms) ? undefined : String(ms / 1000);
  } catch {
    return undefined;
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
