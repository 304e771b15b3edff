import { randomUUID } from "node:crypto";
import { isIP } from "node:net";
import { UserError } from "../errors.ts";
import { editBlock, entryOf, type Owner, readHosts, userLines } from "./block.ts";
import { changeHosts } from "./change.ts";
import { readState, systemDisk } from "./disk.ts";
import type { HostsWorld } from "./lock.ts";
import { chooseHosts, type SkippedHost } from "./names.ts";
import { alive, currentOwner, ownerText } from "./owner.ts";

export { systemHostsFile } from "./system.ts";

export interface HostsOutcome {
  /** `not-writable`: the file is as it was, `problem` says why, and `lines` are to be added by hand. */
  readonly kind: "written" | "unchanged" | "not-writable";
  /** The instance's lines, `127.0.0.1 www.basic1.com`: in the file, or to be added to it. */
  readonly lines: readonly string[];
  readonly skipped: readonly SkippedHost[];
  readonly problem?: string | undefined;
}

/** One instance's part of a hosts file. Calls are carried out one after the other; none ever rejects. */
export interface HostsFile {
  /** Writes a line for each of `hosts` that can have and needs one; removes the lines of dead instances. */
  sync(hosts: readonly string[]): Promise<HostsOutcome>;
  /** Removes the instance's lines; with the last ones the block, and the file if it came with the block. */
  clear(): Promise<HostsOutcome>;
}

export interface HostsOptions {
  readonly file: string;
  /** `["127.0.0.1", "::1"]`: one line per host and address. */
  readonly addresses: readonly string[];
  /** Usually `currentOwner()`; under `sudo` the process that asked. */
  readonly owner: Owner;
}

export interface HostsEntry {
  readonly host: string;
  readonly address: string;
  readonly owner: { readonly pid: number; readonly alive: boolean };
}

/** Opens one instance's part of a hosts file. The file may be missing; its folder may not. */
export function openHosts(options: HostsOptions, world: HostsWorld = systemWorld()): HostsFile {
  const { file, owner } = options;
  const addresses = options.addresses.filter((address) => isIP(address) !== 0);
  let last: Promise<unknown> = Promise.resolve();

  async function apply(hosts: readonly string[]): Promise<HostsOutcome> {
    const keeps = askedOnce(world.alive);
    let chosen = chooseHosts(hosts, [], file);
    const lines = () => chosen.hosts.flatMap((host) => addresses.map((address) => `${address} ${host}`));
    const edit = (bytes: Buffer | undefined): Buffer | undefined => {
      refuseUtf16(bytes, file);
      const text = readHosts(bytes);
      chosen = chooseHosts(hosts, userLines(text), file);
      return editBlock(text, { owner, lines: lines(), keeps });
    };
    try {
      const { kind, remark } = await changeHosts(file, edit, world);
      return { kind, lines: lines(), skipped: chosen.skipped, problem: remark };
    } catch (error) {
      const problem = `${file} could not be changed: ${messageOf(error)}.`;
      return { kind: "not-writable", lines: lines(), skipped: chosen.skipped, problem };
    }
  }
  function inTurn(hosts: readonly string[]): Promise<HostsOutcome> {
    const outcome = last.then(() => apply(hosts));
    last = outcome;
    return outcome;
  }
  return { sync: inTurn, clear: () => inTurn([]) };
}

/**
 * Every line of the block, with the state of its owner. Empty for a missing file. @throws UserError
 * `hosts-unreadable`
 */
export async function listHosts(
  file: string,
  world: Pick<HostsWorld, "disk" | "alive"> = systemWorld(),
): Promise<readonly HostsEntry[]> {
  try {
    const target = await world.disk.realpath(file).catch(() => file);
    const { sections } = readHosts((await readState(target, world.disk))?.bytes);
    const isAlive = askedOnce(world.alive);
    return sections.flatMap(({ owner, lines }) =>
      lines.map((line) => ({ ...entryOf(line), owner: { pid: owner.pid, alive: isAlive(owner) } })),
    );
  } catch (error) {
    throw new UserError("hosts-unreadable", `${file} cannot be read: ${messageOf(error)}`);
  }
}

export function systemWorld(): HostsWorld {
  let holder: string | undefined;
  return {
    disk: systemDisk,
    alive,
    elapsed: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    holder: () => {
      holder ??= `${ownerText(currentOwner())} ${randomUUID()}`;
      return holder;
    },
  };
}

/** Asks about each owner once: outside Linux the question costs a process. */
function askedOnce(ask: (owner: Owner) => boolean): (owner: Owner) => boolean {
  const answers = new Map<string, boolean>();
  return (owner) => {
    const key = ownerText(owner);
    const answer = answers.get(key) ?? ask(owner);
    answers.set(key, answer);
    return answer;
  };
}

/** Our lines would be garbage among two-byte characters, and no resolver reads such a file anyway. */
function refuseUtf16(bytes: Buffer | undefined, file: string): void {
  if (bytes !== undefined && /^(\xfe\xff|\xff\xfe)/.test(bytes.toString("latin1", 0, 2)))
    throw new Error(`${file} is written in UTF-16, which no resolver reads: save it as plain text`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
