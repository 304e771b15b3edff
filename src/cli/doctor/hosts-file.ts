import { access, constants, readFile, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { counted } from "../../counted.ts";
import { curlForm } from "../../hosts/advice.ts";
import { readHosts, userLines } from "../../hosts/block.ts";
import { type HostsEntry, listHosts } from "../../hosts/file.ts";
import { chooseHosts } from "../../hosts/names.ts";
import { errorFinding, type Finding, finding } from "./finding.ts";

/** The system's first process, which owns `hosts sync` lines: 1, on Windows 4. */
const SYNCED_PIDS: readonly number[] = [1, 4];

/** Checks that the hosts file can be read and written, its block, and hosts that it cannot contain. */
export async function hostsFileFindings(
  file: string,
  hosts: readonly string[],
  httpPort: number,
): Promise<readonly Finding[]> {
  try {
    const entries = await listHosts(file);
    return [
      await writableFinding(file),
      ...leftovers(file, entries),
      ...(await unwritten(file, hosts, httpPort)),
    ];
  } catch (error) {
    return [errorFinding("hosts-file", error)];
  }
}

async function writableFinding(file: string): Promise<Finding> {
  if (await isWritable(file)) return finding("hosts-file", "ok", `${file} can be written.`);
  const next =
    "On a terminal, up asks for sudo for that one step; else it prints the lines to add. --no-hosts leaves the file alone.";
  return finding("hosts-file", "warning", `${file} cannot be written by you.`, next);
}

/** A missing file needs a writable folder. */
async function isWritable(file: string): Promise<boolean> {
  const target = await realpath(file).catch(() => file);
  const refusal = (path: string) =>
    access(path, constants.W_OK).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code ?? "unknown",
    );
  const code = await refusal(target);
  return code === undefined || (code === "ENOENT" && (await refusal(dirname(target))) === undefined);
}

function leftovers(file: string, entries: readonly HostsEntry[]): readonly Finding[] {
  const dead = entries.filter(({ owner }) => !owner.alive);
  const running = entries.filter(({ owner }) => owner.alive && !SYNCED_PIDS.includes(owner.pid));
  const pids = [...new Set(running.map(({ owner }) => owner.pid))];
  const deadMessage = `${file} has ${counted(dead.length, "line", "lines")} of an ingress-dev that no longer runs.`;
  const runningMessage = `${file} has ${counted(running.length, "line", "lines")} of ingress-dev up (pid ${pids.join(", ")}), which runs.`;
  const next = "The next up takes them out, or now: sudo ingress-dev hosts clean";
  return [
    ...(dead.length === 0 ? [] : [finding("hosts-file", "warning", deadMessage, next)]),
    ...(running.length === 0 ? [] : [finding("hosts-file", "ok", runningMessage)]),
  ];
}

/** Hosts without a line that somebody will expect to lead here. */
async function unwritten(
  file: string,
  hosts: readonly string[],
  httpPort: number,
): Promise<readonly Finding[]> {
  const bytes = await readFile(file).catch(() => undefined);
  const { skipped } = chooseHosts(hosts, userLines(readHosts(bytes)), file);
  const next = `Reach the host without an entry: ${curlForm({ http: httpPort })}`;
  return skipped
    .filter(({ level }) => level === "warning")
    .map(({ host, why }) => finding("hosts-file", "warning", `${host} is not written: ${why}.`, next));
}
