import { BlockList, isIP } from "node:net";
import type { Addresses } from "../../../model/addresses.ts";
import {
  type Json,
  type JsonObject,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
} from "../../../model/json.ts";
import { type Reason, reason } from "../../../model/reason.ts";
import type { GuardStep } from "../../../step/guard.ts";
import { canonicalName } from "./header-policy.ts";

/** unit: s */
const UNITS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600 };

/** Contour's words for a `rateLimitPolicy` that cannot be. */
export function limitFault(policy: Json | undefined): string | undefined {
  const { local, global } = jsonFields(policy);
  const seen = new Set<string>();
  for (const { name } of jsonItems(jsonFields(local).responseHeadersToAdd).map(jsonFields)) {
    const canonical = canonicalName(jsonString(name) ?? "");
    if (seen.has(canonical)) return `duplicate header addition: "${canonical}"`;
    if (!/^[-A-Za-z0-9]+$/.test(canonical))
      return `invalid header name "${canonical}": [a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')]`;
    seen.add(canonical);
  }
  const { disabled, descriptors } = jsonFields(global);
  if (disabled === true) return undefined;
  const entries = jsonItems(descriptors).flatMap((each) => jsonItems(jsonFields(each).entries));
  return entries.some((each) => Object.keys(jsonFields(each)).length !== 1)
    ? "rate limit descriptor entry must have exactly one field set"
    : undefined;
}

/** A token bucket that all clients share. `zone`: who else counts with it */
export function limitStep(policy: Json | undefined, zone: string, why: Reason): GuardStep | undefined {
  const { local } = jsonFields(policy);
  const fields = jsonFields(local);
  const requests = jsonNumber(fields.requests) ?? 0;
  const seconds = UNITS[jsonString(fields.unit) ?? ""];
  if (requests <= 0 || seconds === undefined) return undefined;
  const headers = jsonItems(fields.responseHeadersToAdd)
    .map(jsonFields)
    .map(({ name, value }) => [(jsonString(name) ?? "").toLowerCase(), jsonString(value) ?? ""] as const);
  const status = jsonNumber(fields.responseStatusCode) || 429;
  const rate = {
    ...{ zone, annotation: "rateLimitPolicy" },
    perSecond: Math.max(1, Math.floor((requests * 1_000) / seconds)),
    burst: requests + (jsonNumber(fields.burst) ?? 0) - 1,
  };
  return {
    kind: "guard",
    guard: {
      ...{
        kind: "limits",
        rates: [rate],
        counts: "everyone",
        apart: "entry points",
        status: { rate: status, connections: status },
        why,
      },
      answer: { text: "local_rate_limited", headers },
    },
  };
}

/** Addresses that `ipAllowPolicy` or `ipDenyPolicy` names. `faults`: those of entries, the last one's in `fatal`. */
export interface IpFilter {
  readonly side: "allow" | "deny";
  /** Of the client by trusted headers (`source: Remote`). */
  readonly remote: readonly string[];
  /** Of the connection (`source: Peer`). */
  readonly peer: readonly string[];
  readonly faults: readonly string[];
  readonly fatal?: string | undefined;
}

/** "both": only one may be set. */
export function ipFilterOf({ ipAllowPolicy, ipDenyPolicy }: JsonObject): IpFilter | "both" | undefined {
  const [allow, deny] = [jsonItems(ipAllowPolicy), jsonItems(ipDenyPolicy)];
  if (allow.length > 0 && deny.length > 0) return "both";
  if (allow.length === 0 && deny.length === 0) return undefined;
  const [remote, peer]: [string[], string[]] = [[], []];
  const faults: string[] = [];
  let fatal: string | undefined;
  for (const { cidr, source } of (allow.length > 0 ? allow : deny).map(jsonFields)) {
    const written = jsonString(cidr) ?? "";
    const whole = written.includes("/") ? written : `${written}/${written.includes(":") ? 128 : 32}`;
    fatal = isCidr(whole) ? undefined : `invalid CIDR address: ${whole}`;
    if (fatal === undefined) (source === "Remote" ? remote : peer).push(whole);
    else faults.push(`${written} failed to parse: ${fatal}`);
  }
  return { side: allow.length > 0 ? "allow" : "deny", remote, peer, faults, fatal };
}

function isCidr(text: string): boolean {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}

/** One rule of Envoy's RBAC: the address of the client, or of the connection, is among those of any entry. */
export function ipSteps({ side, remote, peer }: IpFilter, why: Reason): readonly GuardStep[] {
  const stepOf = (cidrs: readonly string[], whose?: "connection"): GuardStep => ({
    kind: "guard",
    guard: { ...{ kind: "addresses", [side]: addressesOf(cidrs), why }, whose },
  });
  if (peer.length === 0) return [stepOf(remote)];
  if (remote.length === 0) return [stepOf(peer, "connection")];
  const steps = [stepOf(remote), stepOf(peer, "connection")];
  if (side === "deny") return steps;
  return [{ kind: "guard", guard: { kind: "any-of", steps, annotation: "ipAllowPolicy" } }];
}

function addressesOf(cidrs: readonly string[]): Addresses {
  const [ipv4, ipv6] = [new BlockList(), new BlockList()];
  for (const cidr of cidrs) {
    const [address = "", bits] = cidr.split("/");
    if (isIP(address) === 4) ipv4.addSubnet(address, Number(bits), "ipv4");
    else ipv6.addSubnet(address, Number(bits), "ipv6");
  }
  return { written: cidrs, ipv4, ipv6 };
}

export function policyReason(field: string, proxy: string, code: "addresses" | "limits"): Reason {
  return reason(code, `${field} of HTTPProxy ${proxy}`);
}
