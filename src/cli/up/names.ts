import { spawn } from "node:child_process";
import { counted } from "../../counted.ts";
import { curlAdvice, sudoCommand } from "../../hosts/advice.ts";
import type { Owner } from "../../hosts/block.ts";
import type { HostsFile, HostsOutcome } from "../../hosts/file.ts";
import { openHosts } from "../../hosts/file.ts";
import type { Problem } from "../../model/problem.ts";

/** Access to a hosts file that this process may not write. */
export interface NamesOptions {
  readonly file: string;
  readonly addresses: readonly string[];
  readonly owner: Owner;
  /** Node.js with its options, and our main file. */
  readonly program: readonly string[];
  readonly httpPort: number;
  /** Asks to use `sudo`; `undefined` without a terminal or `sudo`. */
  readonly ask: ((question: string) => Promise<"yes" | "no">) | undefined;
  readonly tell: (problems: readonly Problem[]) => void;
}

export interface Names {
  /** May ask for `sudo` the first time only: later the terminal may be the dashboard's. */
  readonly sync: (hosts: readonly string[]) => Promise<void>;
  /** Removes them, with `sudo` if they were added so; that may ask for the password again. */
  readonly clear: () => Promise<void>;
}

/** `never-asks`: sudo fails if it would need the password. */
type Password = "may-ask" | "never-asks";

function runSudo(command: readonly string[], password: Password): Promise<"done" | "failed"> {
  const [sudo = "sudo", ...rest] = command;
  const args = password === "never-asks" ? ["-n", ...rest] : rest;
  return new Promise((resolve) => {
    const child = spawn(sudo, args, { stdio: password === "never-asks" ? "ignore" : "inherit" });
    child.once("error", () => resolve("failed"));
    child.once("exit", (code) => resolve(code === 0 ? "done" : "failed"));
  });
}

function problemsOf(
  outcome: HostsOutcome,
  options: NamesOptions,
  hosts: readonly string[],
): readonly Problem[] {
  const skipped = outcome.skipped.map(
    ({ host, why, level }): Problem => ({
      code: "host-skipped",
      level,
      message: `${host === "" ? "A rule without a host" : host} is not written to ${options.file}: ${why}.`,
      fix: `Without an entry: ${curlAdvice([host], { http: options.httpPort })[0] ?? "name it in a Host header"}`,
    }),
  );
  if (outcome.kind !== "not-writable") {
    return outcome.problem === undefined
      ? skipped
      : [
          ...skipped,
          { code: "hosts-file", level: "warning", message: outcome.problem, fix: "Nothing has to be done." },
        ];
  }
  if (outcome.lines.length === 0) return skipped;
  const lines = outcome.lines.map((line) => `\n${line}`).join("");
  const curl = curlAdvice(hosts, { http: options.httpPort }).slice(0, 3);
  return [
    ...skipped,
    {
      code: "hosts-not-writable",
      level: "warning",
      message: `${outcome.problem ?? options.file} The proxy runs, but these names do not lead to it yet:${lines}`,
      fix: [`Add the lines above to ${options.file}, or do without:`, ...curl].join("\n"),
    },
  ];
}

/** Maintains the hosts file. Writes nothing before the first `sync`; an unwritable file is not an error. */
export function createNames(options: NamesOptions): Names {
  const hostsFile: HostsFile = openHosts(options);
  let written: "by-us" | "by-sudo" | "not-yet" = "not-yet";

  async function withSudo(hosts: readonly string[], password: Password): Promise<"done" | "failed"> {
    const { program, file, owner } = options;
    return await runSudo(sudoCommand({ program, file, owner, hosts }), password);
  }
  async function allowed(outcome: HostsOutcome): Promise<boolean> {
    if (options.ask === undefined || outcome.lines.length === 0 || written !== "not-yet") return false;
    const count = outcome.lines.length;
    const question = `${options.file} is not writable. Add ${counted(count, "line")} to it with sudo, until ingress-dev stops?`;
    return (await options.ask(question)) === "yes";
  }
  async function sync(hosts: readonly string[]): Promise<void> {
    const outcome = await hostsFile.sync(hosts);
    if (outcome.kind === "written") written = "by-us";
    if (outcome.kind === "not-writable" && (written === "by-sudo" || (await allowed(outcome)))) {
      const done = await withSudo(hosts, written === "by-sudo" ? "never-asks" : "may-ask");
      if (done === "done") {
        written = "by-sudo";
        options.tell(problemsOf({ ...outcome, kind: "written", problem: undefined }, options, hosts));
        return;
      }
    }
    options.tell(problemsOf(outcome, options, hosts));
  }
  async function clear(): Promise<void> {
    if (written === "by-us") await hostsFile.clear();
    if (written === "by-sudo") await withSudo([], "may-ask");
  }
  // Sequential: a pending reload must not write after the end.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    last = last.then(step);
    return last;
  };
  return { sync: (hosts) => inTurn(() => sync(hosts)), clear: () => inTurn(clear) };
}
