import { curlForm } from "../../hosts/advice.ts";
import { isLoopback } from "../addresses.ts";
import type { Finding } from "./finding.ts";

/** All addresses of a name, in the system's own way (hosts file, then DNS); fails where it has none. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** So many hosts are looked up: enough to see what is wrong, few enough for a slow resolver. */
const MOST_HOSTS = 20;
/** A resolver that has not answered in this time is one that a browser would wait for as well, in ms. */
const PATIENCE_MS = 3_000;

type Answer =
  | { readonly kind: "here" | "none" | "slow" }
  | { readonly kind: "elsewhere"; readonly addresses: readonly string[] };

/**
 * Where each host of the manifests leads on this computer now. `up` being stopped is the usual reason for a host that
 * leads nowhere, so that alone is no warning.
 */
export async function nameFindings(
  hosts: readonly string[],
  lookup: Lookup,
  httpPort: number,
): Promise<readonly Finding[]> {
  const names = hosts.filter((host) => !host.includes("*"));
  const asked = names.slice(0, MOST_HOSTS);
  const answers = await Promise.all(asked.map(async (host) => ({ host, answer: await ask(host, lookup) })));
  const of = (kind: Answer["kind"]) =>
    answers.filter(({ answer }) => answer.kind === kind).map(({ host }) => host);
  const findings: Finding[] = [];
  const [here, none, slow] = [of("here"), of("none"), of("slow")];
  if (here.length > 0) findings.push(found(`${here.join(", ")}: this computer.`));
  if (none.length > 0)
    findings.push({
      ...found(`${none.join(", ")}: no address yet.`),
      next: `Start ingress-dev up, which adds them to the hosts file while it runs; or name one to curl: ${curlForm({ http: httpPort })}`,
    });
  for (const { host, answer } of answers) {
    if (answer.kind !== "elsewhere") continue;
    findings.push({
      ...found(`${host} leads to ${answer.addresses.join(", ")}, not to this computer.`),
      state: "warning",
      next: "Start ingress-dev up: an entry of the hosts file comes before DNS. A browser with DNS over HTTPS, or a proxy, asks neither: switch that off for this host.",
    });
  }
  if (slow.length > 0)
    findings.push({
      ...found(`${slow.join(", ")}: no answer within ${PATIENCE_MS / 1000} s.`),
      state: "warning",
      next: "Look at the name servers of this computer; entries of the hosts file are found without them.",
    });
  if (names.length > asked.length)
    findings.push(found(`${names.length - asked.length} more hosts were not looked up.`));
  return findings;
}

function found(message: string): Finding {
  return { check: "names", state: "ok", message };
}

async function ask(host: string, lookup: Lookup): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve({ kind: "slow" }), PATIENCE_MS);
  });
  const answer = lookup(host).then(
    (addresses): Answer =>
      addresses.every(isLoopback) ? { kind: "here" } : { kind: "elsewhere", addresses },
    (): Answer => ({ kind: "none" }),
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
