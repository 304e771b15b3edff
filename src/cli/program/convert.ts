import type { Command } from "commander";
import type { Flags } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";
import { asFilenames, type Done, withForm, withOptions, withPaths } from "./options.ts";

const EXAMPLES = `
Ingresses of extensions/v1beta1 and networking.k8s.io/v1beta1, and IngressClasses of v1beta1, become networking.k8s.io/v1.
Everything else stays byte for byte: comments, order, quotes, line ends, other documents. Without --write or --check the
manifests are printed. Exit status 1: a document cannot be converted, or --check found one to convert.

Examples:
  ingress-dev convert k8s/ --write
  ingress-dev convert k8s/ | kubectl apply -f -
  helm template . | ingress-dev convert -
  ingress-dev convert k8s/ --check`;

export function addConvert(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("convert")
    .description("rewrite old apiVersions to networking.k8s.io/v1, keeping comments and style")
    .option("-w, --write", "write the files in place")
    .option("--check", "change nothing; exit status 1 if there is something to convert")
    .option("--to <VERSION>", "v1 (default: v1)");
  withForm(withOptions(withPaths(command), ["filename"]))
    .addHelpText("after", EXAMPLES)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { convertCommand } = await import("../convert.ts");
      done(await convertCommand(asFilenames(paths, flags), surroundings));
    });
}
