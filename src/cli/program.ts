import { Command } from "commander";
import { addCerts } from "./program/certs.ts";
import { addCheck } from "./program/check.ts";
import { addConvert } from "./program/convert.ts";
import { addDiff } from "./program/diff.ts";
import { addDoctor } from "./program/doctor.ts";
import { addExplain } from "./program/explain.ts";
import { addHosts } from "./program/hosts.ts";
import type { Done } from "./program/options.ts";
import { addReplay } from "./program/replay.ts";
import { addRoutes } from "./program/routes.ts";
import { addTest } from "./program/test.ts";
import { addUp } from "./program/up.ts";
import { addVerify } from "./program/verify.ts";
import type { Surroundings } from "./surroundings.ts";

const EXAMPLES = `
Examples:
  ingress-dev up                            serve the manifests of the current folder on 31000 and 32000
  ingress-dev explain www.basic1.com/path1  show where a request goes, and why
  ingress-dev routes                        print every Ingress as kubectl describe would
  ingress-dev check                         report problems of the manifests; for CI
  ingress-dev test                          run the expectations of *.test.yaml files; for CI
  ingress-dev diff git:HEAD:k8s k8s         show the requests that a change treats otherwise
  ingress-dev doctor                        check ports, hosts file, names and certificates
  ingress-dev COMMAND --help                every option of a command

Exit status: 0 done; 1 the answer is no; 2 usage or environment.`;

/** In the order of `--help`. */
const COMMANDS = new Map([
  ["up", addUp],
  ["explain", addExplain],
  ["routes", addRoutes],
  ["check", addCheck],
  ["test", addTest],
  ["diff", addDiff],
  ["verify", addVerify],
  ["convert", addConvert],
  ["replay", addReplay],
  ["hosts", addHosts],
  ["certs", addCerts],
  ["doctor", addDoctor],
]);

/**
 * The command line. Each command's code is loaded when called: `--help` must not pay for the proxy. `first`: the first
 * word; if it is a command, the others and their options are left out.
 */
export function createProgram(surroundings: Surroundings, done: Done, first: string | undefined): Command {
  const program = new Command("ingress-dev")
    .description(
      "Serves Kubernetes Ingress manifests on this computer as the controller would, and says why.",
    )
    .version(surroundings.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void surroundings.stdout.write(text),
      // run.ts prints errors in our form.
      writeErr: () => undefined,
    })
    .addHelpText("after", EXAMPLES);
  const called = first === undefined ? undefined : COMMANDS.get(first);
  for (const add of called === undefined ? COMMANDS.values() : [called]) add(program, surroundings, done);
  return program;
}
