import type { Command } from "commander";
import { TARGET_NAMES } from "../../convert/to/target-names.ts";
import type { Flags } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";
import { asFilenames, CONTROLLER_OPTIONS, type Done, withForm, withOptions, withPaths } from "./options.ts";

/** Those of controllers say whose Ingresses are converted, with --to a controller. */
const CONVERT_OPTIONS = [
  "filename",
  "controller",
  "ingressClass",
  "controllerClass",
  ...CONTROLLER_OPTIONS,
  "clientAddress",
  "exact",
] as const;

const EXAMPLES = `
Ingresses of extensions/v1beta1 and networking.k8s.io/v1beta1, and IngressClasses of v1beta1, become networking.k8s.io/v1.
Everything else stays byte for byte: comments, order, quotes, line ends, other documents. Without --write or --check the
manifests are printed. Exit status 1: a document cannot be converted, or --check found one to convert.

With --to a controller its objects stand where the Ingresses stood, and the requests that tell both sides apart are compared. Exit
status 1 as well: an Ingress is left as it is, or a request differs by nothing that was said.

Examples:
  ingress-dev convert k8s/ --write
  ingress-dev convert k8s/ | kubectl apply -f -
  helm template . | ingress-dev convert -
  ingress-dev convert k8s/ --check
  ingress-dev convert k8s/ --to ${TARGET_NAMES[0]}`;

export function addConvert(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("convert")
    .description(
      "rewrite old apiVersions to networking.k8s.io/v1, or Ingresses to another controller, keeping comments",
    )
    .option("-w, --write", "write the files in place")
    .option("--check", "change nothing; exit status 1 if there is something to convert")
    .option("--to <TARGET>", `v1, or a controller: ${TARGET_NAMES.join(", ")} (default: v1)`)
    .option("--all", "with --to a controller: print every request that differs");
  withForm(withOptions(withPaths(command), CONVERT_OPTIONS))
    .addHelpText("after", EXAMPLES)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { convertCommand } = await import("../convert.ts");
      done(await convertCommand(asFilenames(paths, flags), surroundings));
    });
}
