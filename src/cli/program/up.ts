import type { Command } from "commander";
import type { Flags } from "../options/config.ts";
import { optionsTable } from "../options/help.ts";
import { OPTION_KEYS } from "../options.ts";
import type { Surroundings } from "../surroundings.ts";
import { asFilenames, type Done, withOptions, withPaths } from "./options.ts";

const EXAMPLES = `
Manifests: PATH and -f; else manifests: in ingress-dev.yaml; else the current folder; if that has no Ingress, the cluster
of the current context, if it is local. --context, --kubeconfig, -n and -A always read a cluster; a PATH beside them adds
manifests that are not applied yet.

Examples:
  ingress-dev up                            the manifests of the current folder
  ingress-dev up k8s/ -f extra.yaml         a folder and a file
  helm template . | ingress-dev up -        the output of a chart
  ingress-dev up --context minikube         every Ingress of the cluster, from its real pods
  ingress-dev up k8s/ --context minikube    the same, with changes that are not applied yet
  ingress-dev up --map web=3000             Service web on port 3000 of this computer
  ingress-dev up --client-address 10.0.0.5  as a client of a private network, for allow-lists
  ingress-dev up --ingress-class traefik    Ingresses of that class, as ingress-nginx would serve them
  ingress-dev up --record before.har        requests and answers, for replay and for browsers' tools
  ingress-dev up --no-hosts -o json         for scripts: edits no hosts file, prints one event per line`;

export function addUp(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("up")
    .description(
      "run proxy, hosts entries, certificates and dashboard; reload when manifests or the cluster change",
    );
  withOptions(withPaths(command), OPTION_KEYS)
    .addHelpText("after", `${EXAMPLES}\n${optionsTable()}`)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { up } = await import("../up.ts");
      done(await up(asFilenames(paths, flags), surroundings));
    });
}
