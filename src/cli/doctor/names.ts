import { setTimeout as sleep } from "node:timers/promises";
import { curlForm } from "../../hosts/advice.ts";
import { isLoopback } from "../addresses.ts";
import { type Finding, finding } from "./finding.ts";

/** All addresses of a name by hosts file and DNS; rejects for none. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** Enough to show a fault, few enough for a slow resolver. */
const MOST_HOSTS = 20;
/** A browser waits for a slower resolver too. */
const PATIENCE_MS = 3_000;

type LookedUp = readonly string[] | "none" | "slow";

/** Checks where each host leads on this computer. Nowhere is no warning: usually `up` is just not running. */
export async function nameFindings(
  hosts: readonly string[],
  lookup: Lookup,
  httpPort: number,
): Promise<readonly Finding[]> {
  const names = hosts.filter((host) => !host.includes("*"));
  const results = await Promise.all(
    names.slice(0, MOST_HOSTS).map(async (host) => ({ host, found: await lookUp(host, lookup) })),
  );
  const hostsThat = (is: (found: LookedUp) => boolean): string =>
    results.flatMap(({ host, found }) => (is(found) ? [host] : [])).join(", ");
  const here = hostsThat((found) => typeof found !== "string" && found.every(isLoopback));
  const none = hostsThat((found) => found === "none");
  const slow = hostsThat((found) => found === "slow");
  const findings: Finding[] = [];
  const add = (state: Finding["state"], message: string, next?: string) =>
    findings.push(finding("names", state, message, next));
  if (here !== "") add("ok", `${here}: this computer.`);
  if (none !== "")
    add(
      "ok",
      `${none}: no address yet.`,
      `Start ingress-dev up, which adds them to the hosts file while it runs; or name one to curl: ${curlForm({ http: httpPort })}`,
    );
  for (const { host, found } of results)
    if (typeof found !== "string" && !found.every(isLoopback))
      add(
        "warning",
        `${host} leads to ${found.join(", ")}, not to this computer.`,
        "Start ingress-dev up: an entry of the hosts file comes before DNS. A browser with DNS over HTTPS, or a proxy, asks neither: switch that off for this host.",
      );
  if (slow !== "")
    add(
      "warning",
      `${slow}: no answer within ${PATIENCE_MS / 1000} s.`,
      "Look at the name servers of this computer; entries of the hosts file are found without them.",
    );
  if (names.length > results.length)
    add("ok", `${names.length - results.length} more hosts were not looked up.`);
  return findings;
}

async function lookUp(host: string, lookup: Lookup): Promise<LookedUp> {
  const late = sleep(PATIENCE_MS, "slow" as const, { ref: false });
  return Promise.race([lookup(host).catch(() => "none" as const), late]);
}
