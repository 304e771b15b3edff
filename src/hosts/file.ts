import { randomUUID } from "node:crypto";
import { isIP } from "node:net";
import { UserError } from "../errors.ts";
import { plainOwner, sameOwner } from "./block/section.ts";
import { type BlockEdit, blockEntries, type HostsText, type Owner, readHosts, userLines } from "./block.ts";
import { changeHosts, type HostsWorld } from "./change.ts";
import { systemDisk } from "./disk.ts";
import { done, wordsOf } from "./fault.ts";
import { type Choice, chooseHosts, type Skipped } from "./names.ts";
import { alive, currentOwner } from "./owner.ts";
import { readTarget } from "./reading.ts";

export { systemHostsFile } from "./system.ts";

/** What became of the hosts file. */
export interface HostsOutcome {
  /** `not-writable`: the file is as it was, `problem` says why, and `lines` are to be added by hand. */
  readonly kind: "written" | "unchanged" | "not-writable";
  /** The instance's lines, `127.0.0.1 www.basic1.com`: in the file, or to be added to it. */
  readonly lines: readonly string[];
  readonly skipped: readonly Skipped[];
  readonly problem?: string | undefined;
}

/** One instance's part of a hosts file. Calls are carried out one after the other; none ever rejects. */
export interface HostsFile {
  /** Makes the instance's lines be those of `hosts` that can and need be written; removes what dead instances left. */
  sync(hosts: readonly string[]): Promise<HostsOutcome>;
  /** Removes the instance's lines; with the last instance's the whole block, and the file if it came with the block. */
  clear(): Promise<HostsOutcome>;
}

/** Which file, which lines, whose. */
export interface HostsOptions {
  readonly file: string;
  /** `["127.0.0.1", "::1"]`: one line per host and address. */
  readonly addresses: readonly string[];
  /** Whose lines they are: usually `currentOwner()`, but under `sudo` the process that asked. */
  readonly owner: Owner;
}

/**
 * After an edit that had to wait for its turn, the instance's next one lets others go first: all who wait look for the
 * lock more often than this.
 */
const POLITE_MS = 50;

/** A line of the block. */
export interface HostsEntry {
  readonly host: string;
  readonly address: string;
  readonly owner: { readonly pid: number; readonly alive: boolean };
}

/**
 * One instance's part of a hosts file. A file that is not there is made when there are lines for it, and deleted again
 * with the last of them; its folder has to be there.
 */
export function openHosts(options: HostsOptions, world: HostsWorld = systemWorld()): HostsFile {
  const { file } = options;
  const owner = plainOwner(options.owner);
  const addresses = options.addresses.filter((address) => isIP(address) !== 0);
  let written: readonly string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let rest = 0;

  async function apply(hosts: readonly string[]): Promise<HostsOutcome> {
    const keeps = remembered(world.alive);
    let choice: Choice = chooseHosts(hosts, [], file);
    const linesOf = (): readonly string[] =>
      choice.hosts.flatMap((host) => addresses.map((address) => `${address} ${host}`));
    const change = (text: HostsText): BlockEdit => {
      choice = chooseHosts(hosts, userLines(text), file);
      return { owner, lines: linesOf(), keeps };
    };
    try {
      const memory = { owner, lines: new Set(written) };
      const { kind, contended, remark } = await changeHosts(file, change, memory, world);
      rest = contended === true ? POLITE_MS : 0;
      written = linesOf();
      return { kind, lines: written, skipped: choice.skipped, problem: remark };
    } catch (error) {
      const problem = `${file} could not be changed: ${wordsOf(error)}.`;
      return { kind: "not-writable", lines: linesOf(), skipped: choice.skipped, problem };
    }
  }
  function inTurn(hosts: readonly string[]): Promise<HostsOutcome> {
    const mine = last.then(() => apply(hosts));
    last = mine.then(() => (rest > 0 ? world.sleep(rest) : undefined));
    return mine;
  }
  return { sync: inTurn, clear: () => inTurn([]) };
}

/**
 * Every line of the block, and whether its owner still runs. A file that is not there has none.
 *
 * @throws UserError `hosts-unreadable`.
 */
export async function listHosts(
  file: string,
  world: Pick<HostsWorld, "disk" | "alive"> = systemWorld(),
): Promise<readonly HostsEntry[]> {
  try {
    const target = await world.disk.realpath(file).catch(() => file);
    const reading = await readTarget(target, world.disk);
    await done(reading.file);
    const living = remembered(world.alive);
    return blockEntries(readHosts(reading.bytes)).map(({ owner, address, host }) => ({
      host,
      address,
      owner: { pid: owner.pid, alive: living(owner) },
    }));
  } catch (error) {
    throw new UserError("hosts-unreadable", `${file} cannot be read: ${wordsOf(error)}`);
  }
}

/** Removes the sections of dead owners, or of everybody (a running instance then has no names until its next sync). */
export async function cleanHosts(
  file: string,
  whose: "dead" | "everybody" = "dead",
  world: HostsWorld = systemWorld(),
): Promise<HostsOutcome> {
  const keeps = whose === "dead" ? remembered(world.alive) : () => false;
  const nobody: Owner = { pid: 0, started: "", boot: "" };
  const none = { lines: [], skipped: [] };
  try {
    const { kind, remark } = await changeHosts(
      file,
      () => ({ owner: nobody, lines: [], keeps }),
      undefined,
      world,
    );
    return { kind, ...none, problem: remark };
  } catch (error) {
    return { kind: "not-writable", ...none, problem: `${file} could not be changed: ${wordsOf(error)}.` };
  }
}

/** The world as it is. */
export function systemWorld(): HostsWorld {
  let holder: Owner | undefined;
  return {
    disk: systemDisk,
    alive,
    elapsed: () => performance.now(),
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
    holder: () => {
      holder ??= currentOwner();
      return holder;
    },
    token: randomUUID(),
  };
}

/** Asks about each owner once: elsewhere than on Linux it takes a process to know. */
function remembered(ask: (owner: Owner) => boolean): (owner: Owner) => boolean {
  const known: { owner: Owner; alive: boolean }[] = [];
  return (owner) => {
    const before = known.find((entry) => sameOwner(entry.owner, owner));
    if (before !== undefined) return before.alive;
    const entry = { owner, alive: ask(owner) };
    known.push(entry);
    return entry.alive;
  };
}
