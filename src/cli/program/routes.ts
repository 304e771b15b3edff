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
Examples:
  ingress-dev routes
  ingress-dev routes k8s/ --no-echo         without the echo service: shows Services without endpoints
  ingress-dev routes k8s/ -o json
  ingress-dev routes --context minikube -n shop`;

export function addRoutes(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("routes")
    .description("print every Ingress as kubectl describe ingress does, with the upstream of each row");
  withForm(withOptions(withPaths(command), [...ROUTING_OPTIONS, ...CLUSTER_OPTIONS]))
    .addHelpText("after", EXAMPLES)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { routesCommand } = await import("../routes.ts");
      done(await routesCommand(asFilenames(paths, flags), surroundings));
    });
}
