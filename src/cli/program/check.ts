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
Opens no port and sends nothing. Errors are: what the controller's admission webhook would refuse (up serves it as a
controller without webhook does); annotations for which every request gets 503 or 403; and values that nginx refuses, so
that the controller follows no change any more. An absent Service, port or Secret is a warning. Exit status 1: an error.

Examples:
  ingress-dev check k8s/
  helm template . | ingress-dev check -
  ingress-dev check k8s/ -o json`;

export function addCheck(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("check")
    .description("report problems of manifests, in the words of the API server and the controller");
  withForm(
    withOptions(withPaths(command), [
      "filename",
      ...CLUSTER_OPTIONS,
      "controller",
      "ingressClass",
      "controllerClass",
      ...CONTROLLER_OPTIONS,
      "clientAddress",
      "exact",
      "ignore",
    ]),
    "text, json or github: text with annotations (default: text; in GitHub Actions github)",
  )
    .addHelpText("after", EXAMPLES)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { checkCommand } = await import("../check.ts");
      done(await checkCommand(asFilenames(paths, flags), surroundings));
    });
}
