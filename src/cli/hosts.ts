import { printable } from "../../ui/printable.ts";
import { safeJson } from "../../ui/safe-json.ts";
import { UserError } from "../errors.ts";
import type { Owner } from "../hosts/block.ts";
import type { HostsEntry, HostsOutcome } from "../hosts/file.ts";
import { listHosts, openHosts, systemHostsFile } from "../hosts/file.ts";
import { parseOwner } from "../hosts/owner.ts";
import { addressesFor, hostsOf } from "./addresses.ts";
import { columns } from "./forms/columns.ts";
import type { Flags } from "./options/config.ts";
import { oneOf } from "./options/values.ts";
import { readRoutings, settingsFor } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

/**
 * The owner of `hosts sync` lines, which stay until `hosts clean`: the system's first process (`init`;
 * `System` on Windows), which never ends.
 */
const NOBODY: Owner = { pid: process.platform === "win32" ? 4 : 1, started: "", boot: "" };

async function hostsFileOf(flags: Flags, surroundings: Surroundings): Promise<string> {
  const { settings } = await settingsFor(flags, surroundings);
  return settings.hostsFile ?? (await systemHostsFile());
}

function ownerInWords({ pid, alive }: HostsEntry["owner"]): string {
  if (pid === NOBODY.pid) return "hosts sync";
  return alive ? `ingress-dev up (pid ${pid})` : `nobody any more (pid ${pid})`;
}

/** Reports the outcome, or throws the necessary step. */
function report(outcome: HostsOutcome, file: string, done: string, { stdout }: Surroundings): ExitCode {
  if (outcome.kind === "not-writable") {
    const lines = outcome.lines.map((line) => `\n${line}`).join("");
    throw new UserError(
      "hosts-not-writable",
      `${outcome.problem ?? `${file} is not writable.`}${lines}`,
      lines === ""
        ? "Run the command again with sudo."
        : "Run the command again with sudo, or add these lines by hand.",
    );
  }
  stdout.write(`${file}: ${outcome.kind === "unchanged" ? "nothing to change" : done}\n`);
  for (const line of outcome.lines) stdout.write(`  ${line}\n`);
  for (const { host, why } of outcome.skipped) stdout.write(`  not ${printable(host)}: ${printable(why)}\n`);
  return 0;
}

/** `hosts list`: our lines with their owners. */
export async function hostsList(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { output, ...others } = flags;
  const form = output === undefined ? "text" : oneOf(["text", "json"])(output, "--output");
  const file = await hostsFileOf(others, surroundings);
  const entries = await listHosts(file);
  const { stdout } = surroundings;
  if (form === "json") stdout.write(`${safeJson({ file, hosts: entries })}\n`);
  else if (entries.length === 0) stdout.write(`${file} has no lines of ingress-dev.\n`);
  else {
    const rows = entries.map(
      ({ host, address, owner }) => `${address}\t${printable(host)}\t${ownerInWords(owner)}`,
    );
    stdout.write(`${columns(["ADDRESS\tHOST\tOWNER", ...rows]).join("\n")}\n`);
  }
  return 0;
}

/**
 * `hosts sync`: writes the hosts of the manifests; they stay until `hosts clean` or the next `hosts sync`.
 */
export async function hostsSync(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const { all, close } = await readRoutings(flags, surroundings, "manifests");
  const [{ settings }] = all;
  const file = settings.hostsFile ?? (await systemHostsFile());
  const addresses = addressesFor(settings.bind);
  const hosts = new Set(all.flatMap(({ table }) => hostsOf(table)));
  const outcome = await openHosts({ file, addresses, owner: NOBODY }).sync([...hosts]);
  await close();
  return report(outcome, file, "written, until ingress-dev hosts clean", surroundings);
}

/** The `sudo` step of `up` (src/hosts/advice.ts): the lines belong to that process; no hosts, no lines. */
export async function hostsSyncFor(
  hosts: readonly string[],
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const owner = parseOwner(String(flags.owner));
  if (owner === undefined)
    throw new UserError("bad-option", `--owner: "${String(flags.owner)}" names no process.`);
  const { owner: _, ...others } = flags;
  const { settings } = await settingsFor(others, surroundings);
  const file = settings.hostsFile ?? (await systemHostsFile());
  const outcome = await openHosts({ file, addresses: addressesFor(settings.bind), owner }).sync(hosts);
  if (outcome.kind === "not-writable") throw new UserError("hosts-not-writable", outcome.problem ?? file);
  return 0;
}

/** `hosts clean`: removes lines of `hosts sync` and of crashed instances. Running ones keep theirs. */
export async function hostsClean(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const file = await hostsFileOf(flags, surroundings);
  const outcome = await openHosts({ file, addresses: [], owner: NOBODY }).clear();
  const code = report(outcome, file, "lines removed", surroundings);
  const running = new Set((await listHosts(file)).map(({ owner }) => owner.pid));
  for (const pid of running) {
    surroundings.stdout.write(`  the lines of ingress-dev up (pid ${pid}) stay until it stops\n`);
  }
  return code;
}
