import { BlockList, isIP } from "node:net";

/** A host that is not written, and why. */
export interface Skipped {
  readonly host: string;
  readonly why: string;
  /** `notice`: nothing is amiss. `warning`: the name will not lead to ingress-dev. */
  readonly level: "notice" | "warning";
}

/** Which hosts go into the file. */
export interface Choice {
  readonly hosts: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** One line of the user's, with its 1-based number. */
export interface NumberedLine {
  readonly line: string;
  readonly number: number;
}

interface Mapping {
  readonly address: string;
  readonly number: number;
  readonly loopback: boolean;
}

/** RFC 1123 section 2.1 as Kubernetes reads it (`IsDNS1123Subdomain`): lower case, no underscore, no trailing dot. */
const DNS_1123 = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
/** What inet_aton(3) takes for an address, so that the resolver never looks it up: `127.1`, `0x7f.1`, `2130706433`. */
const NUMERIC = /^(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+)){0,3}$/;
const MAX_NAME = 253;

/**
 * Which of `hosts` are to be written into `file`, whose other lines are `lines`: each valid name once, in lower case,
 * that the user's lines do not name already. What a user wrote is never touched: a name that leads to a loopback
 * address there is fine, any other is a warning with the place.
 */
export function chooseHosts(hosts: readonly string[], lines: Iterable<NumberedLine>, file: string): Choice {
  const wanted = new Set<string>();
  const skipped = new Map<string, Skipped>();
  for (const given of hosts) {
    const host = lowerCase(given);
    const problem = unfit(host);
    if (problem === undefined) wanted.add(host);
    else skipped.set(host, { host: given, ...problem });
  }
  for (const [host, { address, number, loopback }] of mappings(lines, wanted)) {
    wanted.delete(host);
    const place = `${file}:${number}`;
    const why = loopback
      ? `${place} already has it at ${address}`
      : `${place} sends it to ${address}, and lines of yours are never changed: remove that line to reach ingress-dev by this name`;
    skipped.set(host, { host, why, level: loopback ? "notice" : "warning" });
  }
  return { hosts: [...wanted], skipped: [...skipped.values()] };
}

/** Of ASCII letters alone, as DNS compares names (RFC 4343): `toLowerCase` would make a `k` of U+212A. */
function lowerCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Why a lower-case host cannot be written at all. */
function unfit(host: string): Pick<Skipped, "why" | "level"> | undefined {
  if (host === "localhost") return { why: "every system has it already", level: "notice" };
  if (host === "")
    return {
      why: "a rule without a host has no name to write: any name that leads here will do",
      level: "notice",
    };
  if (host.includes("*"))
    return {
      why: `a hosts file cannot hold a wildcard: add the names you need by hand (127.0.0.1 ${host.startsWith("*.") ? `www${host.slice(1)}` : "NAME"}), or use curl --resolve`,
      level: "warning",
    };
  if (isIP(host) !== 0 || NUMERIC.test(host))
    return { why: "it is an address, not a name", level: "warning" };
  if (host.length > MAX_NAME) return { why: `it is longer than ${MAX_NAME} characters`, level: "warning" };
  if (!DNS_1123.test(host))
    return {
      why: "it is not a valid name: labels of at most 63 lower-case letters, digits and hyphens, with dots between them",
      level: "warning",
    };
  return undefined;
}

/** Where the lines send the wanted names; of several, the first that leads away. */
function mappings(lines: Iterable<NumberedLine>, wanted: ReadonlySet<string>): ReadonlyMap<string, Mapping> {
  const found = new Map<string, Mapping>();
  if (wanted.size === 0) return found;
  const loopbacks = new BlockList();
  loopbacks.addSubnet("127.0.0.0", 8, "ipv4");
  loopbacks.addAddress("::1", "ipv6");
  for (const { line, number } of lines) {
    const [address = "", ...names] = line
      .replace(/^\xef\xbb\xbf/, "")
      .replace(/#.*/s, "")
      .trim()
      .split(/\s+/);
    // A line whose first word is no address means nothing to the resolver (hosts(5)).
    const family = names.length === 0 ? 0 : isIP(address);
    if (family === 0) continue;
    for (const name of names) {
      const host = lowerCase(name);
      if (!wanted.has(host) || found.get(host)?.loopback === false) continue;
      const loopback = loopbacks.check(address, family === 6 ? "ipv6" : "ipv4");
      if (!loopback || !found.has(host)) found.set(host, { address, number, loopback });
    }
  }
  return found;
}
