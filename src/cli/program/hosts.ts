import { type Command, Option } from "commander";
import type { Flags } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";
import { asFilenames, CONTROLLER_OPTIONS, type Done, withForm, withOptions, withPaths } from "./options.ts";

const EXAMPLES = `
Examples:
  ingress-dev hosts list                    our lines and their owners
  sudo ingress-dev hosts sync k8s/          write the hosts of manifests; they stay until hosts clean
  sudo ingress-dev hosts clean              remove all our lines`;

export function addHosts(program: Command, surroundings: Surroundings, done: Done): void {
  const hosts = program
    .command("hosts")
    .description("our block of the hosts file")
    .addHelpText("after", EXAMPLES);
  withForm(withOptions(hosts.command("list").description("print our lines"), ["hostsFile"])).action(
    async (flags: Flags) => {
      const { hostsList } = await import("../hosts.ts");
      done(await hostsList(flags, surroundings));
    },
  );
  const sync = hosts.command("sync").description("write the hosts of manifests; they stay until hosts clean");
  withOptions(withPaths(sync), [
    "filename",
    "controller",
    "ingressClass",
    "controllerClass",
    ...CONTROLLER_OPTIONS,
    "hostsFile",
  ])
    // The sudo step of `up` (src/hosts/advice.ts): PATHs are hosts, and the lines belong to the owner's
    // process.
    .addOption(new Option("--owner <OWNER>").hideHelp())
    .action(async (words: readonly string[], flags: Flags) => {
      const { hostsSync, hostsSyncFor } = await import("../hosts.ts");
      const isFor = typeof flags.owner === "string";
      done(
        await (isFor
          ? hostsSyncFor(words, flags, surroundings)
          : hostsSync(asFilenames(words, flags), surroundings)),
      );
    });
  withOptions(hosts.command("clean").description("remove our lines"), ["hostsFile"]).action(
    async (flags: Flags) => {
      const { hostsClean } = await import("../hosts.ts");
      done(await hostsClean(flags, surroundings));
    },
  );
}
