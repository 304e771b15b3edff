import { readHosts, userLines } from "../../src/hosts/block.ts";

export const LOOPBACK = ["127.0.0.1", "::1"];

/** The lines of the block, by the pid of their owner. */
export function sectionsOf(bytes: Buffer): Record<number, string[]> {
  const sections: Record<number, string[]> = {};
  for (const { owner, lines } of readHosts(bytes).sections)
    sections[owner.pid] = [...(sections[owner.pid] ?? []), ...lines];
  return sections;
}

export const linesFor = (...hosts: string[]): string[] =>
  hosts.flatMap((host) => LOOPBACK.map((address) => `${address} ${host}`));

/** The file without our lines. */
export const usersPart = (bytes: Buffer): string =>
  userLines(readHosts(bytes))
    .map(({ line }) => line)
    .join("");
