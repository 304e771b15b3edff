import type { Command } from "commander";
import type { Flags } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";
import { CONTROLLER_OPTIONS, collect, type Done, withOptions } from "./options.ts";

const EXAMPLES = `
Opens no port and sends nothing. A test file names its manifests (default: its own folder), and says of each request what
has to come of it: docs/test.md lists every key. Answers are the cluster's, with its ports. Exit status 1: a test failed,
or the coverage is below --coverage-min.

  # ingress-dev test file
  manifests: k8s/
  tests:
    - request: GET http://shop.test/cart?x=1
      expect: {service: cart, path: /cart?x=1}
    - host: https://shop.test
      paths:
        /: web
        /old: {redirect: /new, status: 301}
        POST /upload: {service: files}

Examples:
  ingress-dev test                                   every *.test.yaml below the current folder
  ingress-dev test --init k8s/                       write ingress.test.yaml: what the manifests do today
  ingress-dev test --watch shop.test.yaml
  ingress-dev test --coverage-min 80 -o junit > report.xml
  helm template . | ingress-dev test -f -`;

export function addTest(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("test")
    .description("run files of requests and expectations against manifests; opens no port")
    .argument(
      "[FILE...]",
      "test files, folders of them, or globs (default: *.test.yaml below the current folder)",
    )
    .option(
      "-o, --output <FORM>",
      "text, json, tap, junit or github (default: text, or github in its workflows)",
    )
    .option("--filter <TEXT>", "only tests whose name or request contains it")
    .option("--variable <NAME=VALUE>", "a value for a variable of the test files; repeatable", collect)
    .option("--coverage", "also say which rules no request reaches")
    .option("--coverage-min <PERCENT>", "fail if fewer of the rules are reached")
    .option("-w, --watch", "run again when test files or manifests change")
    .option("--init", "write a test file from manifests: [FILE.test.yaml] [PATH...]")
    .option("--schema", "print the JSON Schema of test files");
  withOptions(command, [
    "filename",
    "controller",
    "ingressClass",
    "controllerClass",
    ...CONTROLLER_OPTIONS,
    "clientAddress",
    "noEcho",
    "exact",
  ])
    .addHelpText("after", EXAMPLES)
    .action(async (files: readonly string[], flags: Flags) => {
      const { testCommand } = await import("../test.ts");
      done(await testCommand(files, flags, surroundings));
    });
}
