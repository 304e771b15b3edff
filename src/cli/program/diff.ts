import type { Command } from "commander";
import type { Flags } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";
import { CONTROLLER_OPTIONS, type Done, withOptions } from "./options.ts";

const EXAMPLES = `
OLD and NEW: a folder, a file, a pattern in quotes, - for standard input, git:REV:PATH for a revision as git show names
it (PATH from the repository's root, or from here with ./), or context:NAME for a cluster. --controller A..B takes OLD
under A and NEW under B; with one side, the same manifests under both.

Opens no port and sends nothing. Requests are made from the rules of both sides, and decided as in the cluster.

Examples:
  ingress-dev diff old/ new/
  ingress-dev diff git:main:k8s k8s/                what a branch changes
  ingress-dev diff context:minikube k8s/            what kubectl apply would change
  helm template . | ingress-dev diff k8s/ -
  ingress-dev diff --controller ingress-nginx..kubernetes k8s/
  ingress-dev diff git:main:k8s k8s/ -o markdown    for a comment on a pull request

Exit status: 0 no differences; 1 differences; 2 usage or environment.`;

export function addDiff(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("diff")
    .description("show the requests that two sets of manifests, or two controllers, treat otherwise")
    .argument("<OLD>", "folder, file, git:REV:PATH, - or context:NAME")
    .argument("[NEW]", "the same; may be left out with --controller A..B")
    .option("--controller <NAME>", "controller to imitate, or A..B: OLD under A, NEW under B");
  withOptions(command, [
    "ingressClass",
    "controllerClass",
    ...CONTROLLER_OPTIONS,
    ...(["kubeconfig", "namespace", "allNamespaces", "clientAddress", "noEcho", "exact"] as const),
  ])
    .option("--all", "print every request of a cause")
    .option("-o, --output <FORM>", "text, json or markdown (default: text)")
    .addHelpText("after", EXAMPLES)
    .action(async (first: string, second: string | undefined, flags: Flags) => {
      const { diffCommand } = await import("../diff.ts");
      done(await diffCommand(first, second, flags, surroundings));
    });
}
