import type { Command } from "commander";
import type { Flags } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";
import { asFilenames, CONTROLLER_OPTIONS, type Done, withForm, withOptions, withPaths } from "./options.ts";

const EXAMPLES = `
Examples:
  ingress-dev certs list
  ingress-dev certs issue www.basic-ssl.com
  ingress-dev certs secret my-tls-secret k8s/ | kubectl apply -f -`;

export function addCerts(program: Command, surroundings: Surroundings, done: Done): void {
  const certs = program
    .command("certs")
    .description("the certificates for https")
    .addHelpText("after", EXAMPLES);
  withForm(
    withOptions(certs.command("list").description("print the certificates issued so far"), ["certsDir"]),
  ).action(async (flags: Flags) => {
    const { certsList } = await import("../certs.ts");
    done(await certsList(flags, surroundings));
  });
  const issue = certs
    .command("issue")
    .description("issue one certificate for hosts, and print where it is")
    .argument("<HOST...>", "host names, or wildcards such as *.basic1.com");
  withOptions(issue, ["certsDir"]).action(async (hosts: readonly string[], flags: Flags) => {
    const { certsIssue } = await import("../certs.ts");
    done(await certsIssue(hosts, flags, surroundings));
  });
  const secret = certs
    .command("secret")
    .description("print a TLS Secret of the manifests as YAML, for kubectl apply")
    .argument("<NAME>", "the secretName under tls: of an Ingress");
  withOptions(withPaths(secret), [
    ...([
      "filename",
      "controller",
      "ingressClass",
      "controllerClass",
      ...CONTROLLER_OPTIONS,
      "certsDir",
    ] as const),
    ...(["context", "kubeconfig"] as const),
  ])
    .option("-n, --namespace <NAME>", "namespace of the Secret, if several have one of that name")
    .action(async (name: string, paths: readonly string[], flags: Flags) => {
      const { certsSecret } = await import("../certs.ts");
      done(await certsSecret(name, asFilenames(paths, flags), surroundings));
    });
}
