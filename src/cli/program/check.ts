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
  ingress-dev check k8s/ -o json
  ingress-dev check k8s/ -o sarif > check.sarif
  ingress-dev check k8s/ --ignore class-missing,service-missing
  ingress-dev check k8s/ --fix
  ingress-dev check --explain missing-path-type

A comment in a manifest does as --ignore does, for its line, the line below it, or a document above whose first key it
stands: # ingress-dev-ignore: CODE[, CODE] [reason]`;

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
    "text, json, sarif, or github: text with annotations (default: text; in GitHub Actions github)",
  )
    .option("--explain <CODE>", "print what the code of a problem means, and what to do")
    .option("--fix", "repair what is mechanical in the files first, keeping comments")
    .addHelpText("after", EXAMPLES)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { checkCommand } = await import("../check.ts");
      done(await checkCommand(asFilenames(paths, flags), surroundings));
    });
}
