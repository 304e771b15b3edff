import type { Command } from "commander";
import type { Flags } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";
import {
  asFilenames,
  CLUSTER_OPTIONS,
  CONTROLLER_OPTIONS,
  type Done,
  withForm,
  withOptions,
  withPaths,
} from "./options.ts";

const EXAMPLES = `
Changes nothing, and asks only this computer (and the API server, if a cluster is read). Exit status 1: up would not work.

Examples:
  ingress-dev doctor                        the manifests of the current folder
  ingress-dev doctor k8s/ --http-port 8080
  ingress-dev doctor --context minikube     the cluster, and what you may read of it
  ingress-dev doctor -o json`;

export function addDoctor(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("doctor")
    .description("check manifests, ports, hosts file, names, certificates and clock; say how to fix each");
  withForm(
    withOptions(withPaths(command), [
      "filename",
      "httpPort",
      "httpsPort",
      "bind",
      "map",
      "controller",
      "ingressClass",
      "controllerClass",
      ...CONTROLLER_OPTIONS,
      "hostsFile",
      "noHosts",
      "certsDir",
      ...CLUSTER_OPTIONS,
    ]),
  )
    .addHelpText("after", EXAMPLES)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { doctorCommand } = await import("../doctor.ts");
      done(await doctorCommand(asFilenames(paths, flags), surroundings));
    });
}
