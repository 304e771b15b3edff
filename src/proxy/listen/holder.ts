import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const LISTENING = "0A";

/**
 * The process that listens on a local TCP port: `node server.js (pid 4711)`, or `another program` if
 * invisible (another user's process, no `lsof`). Never throws.
 */
export function holderOf(port: number): string {
  try {
    const pid = process.platform === "linux" ? pidByProc(port) : pidByLsof(port);
    if (pid === undefined) return "another program";
    if (pid === process.pid) return `this very process (pid ${pid})`;
    const command = commandOf(pid);
    return command === "" ? `pid ${pid}` : `${command} (pid ${pid})`;
  } catch {
    return "another program";
  }
}

/** By the listening socket's inode, and the process that has it open (proc(5)). */
function pidByProc(port: number): number | undefined {
  const inodes = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => inodesIn(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync("/proc")) {
    if (/^\d+$/.test(pid) && holdsOne(pid, inodes)) return Number(pid);
  }
  return undefined;
}

function inodesIn(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readOr(table)
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells[1]?.endsWith(suffix) === true && cells[3] === LISTENING)
    .map((cells) => `socket:[${cells[9]}]`);
}

function holdsOne(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((fd) => {
      try {
        return inodes.has(readlinkSync(`${folder}/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

function pidByLsof(port: number): number | undefined {
  const out = execFileSync("lsof", ["-nP", "-t", `-iTCP:${port}`, "-sTCP:LISTEN"], {
    encoding: "utf8",
    timeout: 3_000,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const pid = Number.parseInt(out, 10);
  return Number.isNaN(pid) ? undefined : pid;
}

const COMMAND_CHARS = 80;

function commandOf(pid: number): string {
  const line =
    process.platform === "linux"
      ? readOr(`/proc/${pid}/cmdline`).replaceAll("\0", " ")
      : execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8", timeout: 3_000 });
  const clean = line.replace(/[^\x20-\x7e]/g, "?").trim();
  return clean.length <= COMMAND_CHARS ? clean : `${clean.slice(0, COMMAND_CHARS - 3)}...`;
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
