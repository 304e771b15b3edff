import type { Command } from "commander";
import type { Flags } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";
import {
  asFilenames,
  CLUSTER_OPTIONS,
  type Done,
  ROUTING_OPTIONS,
  withForm,
  withOptions,
  withPaths,
} from "./options.ts";

const EXAMPLES = `
FILE is a HAR: of up --record, or of a browser's network panel. Requests go to the running up, in their order, with their
headers and bodies; --offline sends nothing, and decides them by the manifests. Status, Location, Service and path are
compared with what was recorded, without the ports of listeners. Requests for hosts that no Ingress names are left out.
Exit status 1: something is answered differently.

Examples:
  ingress-dev up k8s/ --record before.har    record
  ingress-dev replay before.har k8s/         send the same requests to the running up
  ingress-dev replay before.har k8s/ --offline
  ingress-dev replay shop.har k8s/ -o json   what a browser exported`;

export function addReplay(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("replay")
    .description("send recorded requests again, or decide them offline, and compare the answers")
    .argument("<FILE.har>", "a recording of up --record, or of a browser")
    .option("--offline", "send nothing: decide requests by the manifests alone")
    .option("--to <ADDRESS>", "address of the proxy (default: 127.0.0.1)")
    .option("--yes", "send to an address that is not this computer's");
  withForm(withOptions(withPaths(command), [...ROUTING_OPTIONS, ...CLUSTER_OPTIONS, "httpPort", "httpsPort"]))
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, paths: readonly string[], flags: Flags) => {
      const { replayCommand } = await import("../replay.ts");
      done(await replayCommand(file, asFilenames(paths, flags), surroundings));
    });
}
