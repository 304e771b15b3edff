import { access, constants, readFile, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../errors.ts";
import { curlForm } from "../../hosts/advice.ts";
import { readHosts, userLines } from "../../hosts/block.ts";
import { type HostsEntry, listHosts } from "../../hosts/file.ts";
import { chooseHosts } from "../../hosts/names.ts";
import type { Finding } from "./finding.ts";

/** The first process of the system, in whose name `hosts sync` writes: it is always there. */
const SYNCED_PIDS: readonly number[] = [1, 4];

/** Whether the hosts file can be read and written, what of ours is in it, and which hosts it cannot take. */
export async function hostsFileFindings(
  file: string,
  hosts: readonly string[],
  httpPort: number,
): Promise<readonly Finding[]> {
  const check = "hosts-file";
  let entries: readonly HostsEntry[];
  try {
    entries = await listHosts(file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ check, state: "error", message: error.message, next: error.fix }];
  }
  return [
    (await isWritable(file))
      ? { check, state: "ok", message: `${file} can be written.` }
      : {
          check,
          state: "warning",
          message: `${file} cannot be written by you.`,
          next: "On a terminal, up asks for sudo for that one step; else it prints the lines to add. --no-hosts leaves the file alone.",
        },
    ...leftovers(file, entries),
    ...(await unwritten(file, hosts, httpPort)),
  ];
}

/** A rename beside it is how the file is changed, so its folder counts as well; a file that is not there is made. */
async function isWritable(file: string): Promise<boolean> {
  const target = await realpath(file).catch(() => file);
  const may = (path: string) =>
    access(path, constants.W_OK).then(
      () => "yes",
      (error: NodeJS.ErrnoException) => error.code ?? "no",
    );
  const own = await may(target);
  return own === "yes" || (own === "ENOENT" && (await may(dirname(target))) === "yes");
}

function leftovers(file: string, entries: readonly HostsEntry[]): readonly Finding[] {
  const check = "hosts-file";
  const findings: Finding[] = [];
  const count = (some: readonly HostsEntry[]) => `${some.length} ${some.length === 1 ? "line" : "lines"}`;
  const dead = entries.filter(({ owner }) => !owner.alive);
  const running = entries.filter(({ owner }) => owner.alive && !SYNCED_PIDS.includes(owner.pid));
  const pids = [...new Set(running.map(({ owner }) => owner.pid))];
  if (dead.length > 0)
    findings.push({
      check,
      state: "warning",
      message: `${file} has ${count(dead)} of an ingress-dev that no longer runs.`,
      next: "The next up takes them out, or now: sudo ingress-dev hosts clean",
    });
  if (running.length > 0)
    findings.push({
      check,
      state: "ok",
      message: `${file} has ${count(running)} of ingress-dev up (pid ${pids.join(", ")}), which runs.`,
    });
  return findings;
}

/** Hosts that will not be written although somebody will expect them to lead here. */
async function unwritten(
  file: string,
  hosts: readonly string[],
  httpPort: number,
): Promise<readonly Finding[]> {
  const bytes = await readFile(file).catch(() => undefined);
  const { skipped } = chooseHosts(hosts, userLines(readHosts(bytes)), file);
  return skipped
    .filter(({ level }) => level === "warning")
    .map(({ host, why }) => ({
      check: "hosts-file",
      state: "warning",
      message: `${host} is not written: ${why}.`,
      next: `Reach the host without an entry: ${curlForm({ http: httpPort })}`,
    }));
}
