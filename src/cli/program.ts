import { Command, Option } from "commander";
import type { Flags } from "./options/config.ts";
import { EXAMPLES, optionsTable } from "./options/help.ts";
import type { OptionKey } from "./options.ts";
import { OPTION_KEYS, OPTIONS } from "./options.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

const CONTROLLER = [
  "configmap",
  "defaultBackendService",
  "defaultSslCertificate",
  "disableCatchAll",
  "disableSvcExternalName",
  "enableSslPassthrough",
] as const;

const ROUTING = [
  "filename",
  "map",
  "controller",
  "ingressClass",
  "controllerClass",
  ...CONTROLLER,
  "clientAddress",
  "noEcho",
  "exact",
] as const;

const CLUSTER = ["context", "kubeconfig", "namespace", "allNamespaces"] as const;

type Done = (code: ExitCode) => void;

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}

function optionFor(key: OptionKey): Option {
  const { flags, help, fallback, repeatable } = OPTIONS[key];
  const shown = Array.isArray(fallback) ? fallback.join(",") : String(fallback ?? "");
  const isKnown = shown !== "" && shown !== "false";
  const option = new Option(flags, isKnown ? `${help} (default: ${shown})` : help);
  return repeatable === undefined ? option : option.argParser(collect);
}

function withOptions(command: Command, keys: readonly OptionKey[]): Command {
  for (const key of keys) command.addOption(optionFor(key));
  return command;
}

/** Adds `-o`; only `up` has more forms than text and JSON. */
function withForm(command: Command): Command {
  return command.option("-o, --output <FORM>", "text or json (default: text)");
}

function withPaths(command: Command): Command {
  return command.argument("[PATH...]", "manifests: files, folders, globs, or - for standard input");
}

/** Adds PATHs to the flags: `PATH` equals `-f PATH`. */
function joined(paths: readonly string[], flags: Flags): Flags {
  const named = Array.isArray(flags.filename) ? flags.filename : [];
  const all = [...paths, ...named];
  return all.length === 0 ? flags : { ...flags, filename: all };
}

function addUp(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("up")
    .description(
      "run proxy, hosts entries, certificates and dashboard; reload when manifests or the cluster change",
    );
  withOptions(withPaths(command), OPTION_KEYS)
    .addHelpText("after", `${EXAMPLES.up}\n${optionsTable()}`)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { up } = await import("./up.ts");
      done(await up(joined(paths, flags), surroundings));
    });
}

function addExplain(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("explain")
    .description("show where a request goes, and why; opens no port")
    .argument("<URL>", "as for curl; the scheme is optional")
    .option("-X, --request <METHOD>", "method (default: GET)")
    .option("-H, --header <HEADER>", "a request header, 'Name: value'; repeatable", collect)
    .option("--body-size <SIZE>", "size of the request's body in bytes, or with k, m or g: 2m");
  withForm(withOptions(withPaths(command), [...ROUTING, ...CLUSTER, "httpPort", "httpsPort"]))
    .addHelpText("after", EXAMPLES.explain)
    .action(async (url: string, paths: readonly string[], flags: Flags) => {
      const { explainCommand } = await import("./explain.ts");
      done(await explainCommand(url, joined(paths, flags), surroundings));
    });
}

function addRoutes(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("routes")
    .description("print every Ingress as kubectl describe ingress does, with the upstream of each row");
  withForm(withOptions(withPaths(command), [...ROUTING, ...CLUSTER]))
    .addHelpText("after", EXAMPLES.routes)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { routesCommand } = await import("./routes.ts");
      done(await routesCommand(joined(paths, flags), surroundings));
    });
}

function addCheck(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("check")
    .description("report problems of manifests, in the words of the API server and the controller");
  withForm(
    withOptions(withPaths(command), [
      "filename",
      ...CLUSTER,
      "controller",
      "ingressClass",
      "controllerClass",
      ...CONTROLLER,
      "clientAddress",
      "exact",
    ]),
  )
    .addHelpText("after", EXAMPLES.check)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { checkCommand } = await import("./check.ts");
      done(await checkCommand(joined(paths, flags), surroundings));
    });
}

function addHosts(program: Command, surroundings: Surroundings, done: Done): void {
  const hosts = program
    .command("hosts")
    .description("our block of the hosts file")
    .addHelpText("after", EXAMPLES.hosts);
  withForm(withOptions(hosts.command("list").description("print our lines"), ["hostsFile"])).action(
    async (flags: Flags) => {
      const { hostsList } = await import("./hosts.ts");
      done(await hostsList(flags, surroundings));
    },
  );
  const sync = hosts.command("sync").description("write the hosts of manifests; they stay until hosts clean");
  withOptions(withPaths(sync), [
    "filename",
    "controller",
    "ingressClass",
    "controllerClass",
    ...CONTROLLER,
    "hostsFile",
  ])
    // The sudo step of `up` (src/hosts/advice.ts): PATHs are hosts, and the lines belong to the owner's
    // process.
    .addOption(new Option("--owner <OWNER>").hideHelp())
    .action(async (words: readonly string[], flags: Flags) => {
      const { hostsSync, hostsSyncFor } = await import("./hosts.ts");
      const isFor = typeof flags.owner === "string";
      done(
        await (isFor
          ? hostsSyncFor(words, flags, surroundings)
          : hostsSync(joined(words, flags), surroundings)),
      );
    });
  withOptions(hosts.command("clean").description("remove our lines"), ["hostsFile"]).action(
    async (flags: Flags) => {
      const { hostsClean } = await import("./hosts.ts");
      done(await hostsClean(flags, surroundings));
    },
  );
}

function addCerts(program: Command, surroundings: Surroundings, done: Done): void {
  const certs = program
    .command("certs")
    .description("the certificates for https")
    .addHelpText("after", EXAMPLES.certs);
  withForm(
    withOptions(certs.command("list").description("print the certificates issued so far"), ["certsDir"]),
  ).action(async (flags: Flags) => {
    const { certsList } = await import("./certs.ts");
    done(await certsList(flags, surroundings));
  });
  const issue = certs
    .command("issue")
    .description("issue one certificate for hosts, and print where it is")
    .argument("<HOST...>", "host names, or wildcards such as *.basic1.com");
  withOptions(issue, ["certsDir"]).action(async (hosts: readonly string[], flags: Flags) => {
    const { certsIssue } = await import("./certs.ts");
    done(await certsIssue(hosts, flags, surroundings));
  });
  const secret = certs
    .command("secret")
    .description("print a TLS Secret of the manifests as YAML, for kubectl apply")
    .argument("<NAME>", "the secretName under tls: of an Ingress");
  withOptions(withPaths(secret), [
    ...(["filename", "controller", "ingressClass", "controllerClass", ...CONTROLLER, "certsDir"] as const),
    ...(["context", "kubeconfig"] as const),
  ])
    .option("-n, --namespace <NAME>", "namespace of the Secret, if several have one of that name")
    .action(async (name: string, paths: readonly string[], flags: Flags) => {
      const { certsSecret } = await import("./certs.ts");
      done(await certsSecret(name, joined(paths, flags), surroundings));
    });
}

function addDoctor(program: Command, surroundings: Surroundings, done: Done): void {
  const command = program
    .command("doctor")
    .description("check manifests, ports, hosts file, names, certificates and clock; say how to fix each");
  withForm(
    withOptions(withPaths(command), [
      "filename",
      "httpPort",
      "httpsPort",
      "bind",
      "map",
      "controller",
      "ingressClass",
      "controllerClass",
      ...CONTROLLER,
      "hostsFile",
      "noHosts",
      "certsDir",
      ...CLUSTER,
    ]),
  )
    .addHelpText("after", EXAMPLES.doctor)
    .action(async (paths: readonly string[], flags: Flags) => {
      const { doctorCommand } = await import("./doctor.ts");
      done(await doctorCommand(joined(paths, flags), surroundings));
    });
}

/** In the order of `--help`. */
const COMMANDS = new Map([
  ["up", addUp],
  ["explain", addExplain],
  ["routes", addRoutes],
  ["check", addCheck],
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
    .addHelpText("after", EXAMPLES.program);
  const called = first === undefined ? undefined : COMMANDS.get(first);
  for (const add of called === undefined ? COMMANDS.values() : [called]) add(program, surroundings, done);
  return program;
}
