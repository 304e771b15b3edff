import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Owner } from "../../src/hosts/block.ts";
import { type Disk, systemDisk } from "../../src/hosts/disk.ts";
import { type HostsOutcome, openHosts, systemWorld } from "../../src/hosts/file.ts";
import type { HostsWorld } from "../../src/hosts/lock.ts";

export { LOOPBACK, linesFor, sectionsOf, usersPart } from "./blocks.ts";

/** An empty folder, deleted after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "ingress-dev-hosts-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The files in the folder besides the hosts file. */
export const litter = (path: string): string[] => readdirSync(path).filter((name) => name !== "hosts");

export const read = (file: string): string => readFileSync(file, "latin1");

/** The real world with some parts replaced. */
export const worldWith = (parts: Partial<HostsWorld>): HostsWorld => ({ ...systemWorld(), ...parts });

/** The owner of a process that does not exist. */
export const somebody = (pid: number): Owner => ({ pid, started: "1", boot: "test" });

/** Removes the lines of dead instances, as an instance without lines. */
export const cleanHosts = (file: string, world = systemWorld()): Promise<HostsOutcome> =>
  openHosts({ file, addresses: [], owner: { pid: 0, started: "", boot: "" } }, world).clear();

/** Called before each call of the disk, with the real call: may throw, wait for ever, or change the file. */
export type Before = (
  call: string,
  args: readonly unknown[],
  real: (...args: readonly unknown[]) => Promise<unknown>,
) => Promise<void> | void;

/**
 * The real disk, with `before` ahead of each call: `open`, `rename`, …, and `file.write`, … of open files. `opened`
 * gets every file, so that a test can close what its user never will.
 */
export function watchedDisk(before: Before = () => undefined, opened: FileHandle[] = []): Disk {
  const watch = <T extends object>(calls: T, prefix: string): T =>
    new Proxy(calls, {
      get: (target, name) => {
        const call: unknown = Reflect.get(target, name);
        if (typeof call !== "function") return call;
        return async (...args: unknown[]) => {
          const real = async (...these: readonly unknown[]): Promise<unknown> =>
            Reflect.apply(call, target, these);
          try {
            await before(prefix + String(name), args, real);
          } catch (error) {
            // close(2) closes even when it fails, or the test would run out of files.
            if (name === "close") await real();
            throw error;
          }
          const result = await real(...args);
          if (name !== "open") return result;
          opened.push(result as FileHandle);
          return watch(result as FileHandle, "file.");
        };
      },
    });
  return watch({ ...systemDisk }, "");
}

/** An error as the system reports it. */
export function fault(code: string, call: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected, ${call}`), { code, syscall: call });
}
