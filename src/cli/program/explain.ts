import type { Command } from "commander";
import type { Flags } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";
import {
  asFilenames,
  CLUSTER_OPTIONS,
  collect,
  type Done,
  ROUTING_OPTIONS,
  withForm,
  withOptions,
} from "./options.ts";

const EXAMPLES = `
Opens no port and sends nothing: the manifests alone give the answer. Ports of the URL do not matter: http means the
http listener, https the https listener.

The first word is a URL. A later word is one if it has a scheme, or looks like host/path and is no file or folder.

Examples:
  ingress-dev explain www.basic1.com/path1
  ingress-dev explain https://www.basic-ssl.com/ k8s/
  ingress-dev explain shop.test/ shop.test/cart https://api.test/v1 k8s/
  ingress-dev explain www.basic1.com/path1 --context minikube
  ingress-dev explain shop.test/Cart --tree
  ingress-dev explain http://www.basic-ssl.com/ --follow
  ingress-dev explain shop.test/admin --client-address 10.0.0.5
  ingress-dev explain - k8s/ < access.log
  ingress-dev explain -X POST --body-size 2m -H 'X-Request-ID: 1' http://shop.test/upload -o json`;

export function addExplain(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("explain")
    .description("show where a request goes, and why; opens no port")
    .usage("[options] <URL...> [PATH...]")
    .argument(
      "<URL>",
      "as for curl; the scheme is optional; others may follow; - reads an access log or a HAR",
    )
    .argument("[PATH...]", "manifests: files, folders, globs, or - for standard input")
    .option("-X, --request <METHOD>", "method (default: GET)")
    .option("-H, --header <HEADER>", "a request header, 'Name: value'; repeatable", collect)
    .option("--tree", "print the candidates too, as the controller orders them")
    .option("--follow", "follow redirects, while they lead to hosts of the manifests")
    .option("--body-size <SIZE>", "size of the request's body in bytes, or with k, m or g: 2m");
  withForm(withOptions(command, [...ROUTING_OPTIONS, ...CLUSTER_OPTIONS, "httpPort", "httpsPort"]))
    .addHelpText("after", EXAMPLES)
    .action(async (first: string, others: readonly string[], flags: Flags) => {
      if (first === "-") {
        const { explainLogCommand } = await import("../explain/log.ts");
        done(await explainLogCommand(asFilenames(others, flags), surroundings));
        return;
      }
      const { explainCommand } = await import("../explain.ts");
      done(await explainCommand(first, others, flags, surroundings));
    });
}
