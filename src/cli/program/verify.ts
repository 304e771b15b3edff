import type { Command } from "commander";
import type { Flags } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";
import {
  asFilenames,
  CLUSTER_OPTIONS,
  CONTROLLER_OPTIONS,
  collect,
  type Done,
  withOptions,
  withPaths,
} from "./options.ts";

const EXAMPLES = `
Sends GET and HEAD requests alone, follows no redirect, and predicts as with --exact. A TARGET that is not this computer
needs --yes, or a yes on the terminal. TARGET is http://ADDRESS[:PORT], https://ADDRESS[:PORT], or ADDRESS for both.

Examples:
  ingress-dev verify http://203.0.113.7 k8s/ --yes
  ingress-dev verify 203.0.113.7 k8s/ --yes --rate 5 -o markdown
  ingress-dev verify localhost --http-port 31000 --https-port 32000
  ingress-dev verify https://lb.example.com --resolve lb.example.com:443:203.0.113.7 k8s/ --yes
  ingress-dev verify --against 203.0.113.7 --against 203.0.113.8 k8s/ --yes

Exit status: 0 the same; 1 differences; 2 usage or environment.`;

export function addVerify(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("verify")
    .description("hold the prediction against a running controller, by GET and HEAD requests")
    .argument("[TARGET]", "a running controller; left out with --against");
  withOptions(withPaths(command), [
    "filename",
    "controller",
    "ingressClass",
    "controllerClass",
    ...CONTROLLER_OPTIONS,
    "clientAddress",
    ...CLUSTER_OPTIONS,
  ])
    .option("--against <TARGET>", "compare two running controllers: name both", collect)
    .option("--http-port <N>", "port for http, where TARGET names none (default: 80)")
    .option("--https-port <N>", "port for https, where TARGET names none (default: 443)")
    .option(
      "--resolve <HOST:PORT:ADDRESS>",
      "as curl's: send a host's requests to that address; repeatable",
      collect,
    )
    .option("--rate <N>", "at most so many requests a second (default: 20)")
    .option("--timeout <SECONDS>", "for each request (default: 10)")
    .option("--yes", "send to a controller that is not on this computer")
    .option("--all", "print every request of a cause")
    .option("-o, --output <FORM>", "text, json or markdown (default: text)")
    .addHelpText("after", EXAMPLES)
    .action(async (target: string | undefined, paths: readonly string[], flags: Flags) => {
      const { verifyCommand } = await import("../verify.ts");
      // With --against every word is a path.
      const isPair = flags.against !== undefined;
      const named = isPair && target !== undefined ? [target, ...paths] : paths;
      done(await verifyCommand(isPair ? undefined : target, asFilenames(named, flags), surroundings));
    });
}
