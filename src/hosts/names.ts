import { BlockList, isIP } from "node:net";
import type { NumberedLine } from "./block.ts";

export interface SkippedHost {
  readonly host: string;
  readonly why: string;
  /** `notice`: nothing is wrong. `warning`: the name will not lead to ingress-dev. */
  readonly level: "notice" | "warning";
}

export interface ChosenHosts {
  readonly hosts: readonly string[];
  readonly skipped: readonly SkippedHost[];
}

interface Mapping {
  readonly address: string;
  readonly number: number;
  readonly isLoopback: boolean;
}

/** RFC 1123 section 2.1 as Kubernetes reads it (`IsDNS1123Subdomain`): lower case, no underscore, no trailing dot. */
const DNS_1123 = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
/** inet_aton(3) takes these for addresses, so the resolver never looks them up: `127.1`, `0x7f.1`, `2130706433`. */
const NUMERIC = /^(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+)){0,3}$/;
const MAX_NAME = 253;

/**
 * Chooses the hosts to write: each valid name once, in lower case, unless one of the user's `lines` has it. A user's
 * line stays as it is. One to a loopback address is fine; any other gives a warning.
 */
export function chooseHosts(
  hosts: readonly string[],
  lines: readonly NumberedLine[],
  file: string,
): ChosenHosts {
  const wanted = new Set<string>();
  const skipped = new Map<string, SkippedHost>();
  for (const given of hosts) {
    const host = lowerCase(given);
    const problem = problemOf(host);
    if (problem === undefined) wanted.add(host);
    else skipped.set(host, { host: given, ...problem });
  }
  for (const [host, { address, number, isLoopback }] of mappingsOf(lines, wanted)) {
    wanted.delete(host);
    const place = `${file}:${number}`;
    const why = isLoopback
      ? `${place} already has it at ${address}`
      : `${place} sends it to ${address}, and lines of yours are never changed: remove that line to reach ingress-dev by this name`;
    skipped.set(host, { host, why, level: isLoopback ? "notice" : "warning" });
  }
  return { hosts: [...wanted], skipped: [...skipped.values()] };
}

/** ASCII letters only, as DNS compares names (RFC 4343): `toLowerCase` would make a `k` of U+212A. */
function lowerCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The reason why a lower-case host can never be written. */
function problemOf(host: string): Pick<SkippedHost, "why" | "level"> | undefined {
  const warning = (why: string) => ({ why, level: "warning" }) as const;
  const notice = (why: string) => ({ why, level: "notice" }) as const;
  if (host === "localhost") return notice("every system has it already");
  if (host === "")
    return notice("a rule without a host has no name to write: any name that leads here will do");
  if (host.includes("*")) {
    const name = host.startsWith("*.") ? `www${host.slice(1)}` : "NAME";
    return warning(
      `a hosts file cannot hold a wildcard: add the names you need by hand (127.0.0.1 ${name}), or use curl --resolve`,
    );
  }
  if (isIP(host) !== 0 || NUMERIC.test(host)) return warning("it is an address, not a name");
  if (host.length > MAX_NAME) return warning(`it is longer than ${MAX_NAME} characters`);
  if (DNS_1123.test(host)) return undefined;
  return warning(
    "it is not a valid name: labels of at most 63 lower-case letters, digits and hyphens, with dots between them",
  );
}

/** The wanted names that lines have. If several have one, the first that is not a loopback address counts. */
function mappingsOf(
  lines: readonly NumberedLine[],
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, Mapping> {
  const mappings = new Map<string, Mapping>();
  if (wanted.size === 0) return mappings;
  const loopbacks = new BlockList();
  loopbacks.addSubnet("127.0.0.0", 8, "ipv4");
  loopbacks.addAddress("::1", "ipv6");
  for (const { line, number } of lines) {
    // Latin-1 bytes: a byte order mark is three characters.
    const entry = line.replace(/^\xef\xbb\xbf/, "").replace(/#.*/s, "");
    const [address = "", ...names] = entry.trim().split(/\s+/);
    // A line whose first word is no address means nothing to the resolver (hosts(5)).
    const family = names.length === 0 ? 0 : isIP(address);
    if (family === 0) continue;
    for (const host of names.map(lowerCase)) {
      if (!wanted.has(host) || mappings.get(host)?.isLoopback === false) continue;
      const isLoopback = loopbacks.check(address, family === 6 ? "ipv6" : "ipv4");
      if (!isLoopback || !mappings.has(host)) mappings.set(host, { address, number, isLoopback });
    }
  }
  return mappings;
}
