import { fileKeyOf, longName, OPTION_KEYS, variableOf } from "../options.ts";

/** What follows the options in `--help`, by command. */
export const EXAMPLES = {
  program: `
Examples:
  ingress-dev up                            serve the manifests of the current folder on 31000 and 32000
  ingress-dev explain www.basic1.com/path1  say where a request would go, and why
  ingress-dev routes                        print every Ingress as kubectl describe would
  ingress-dev check                         say what is wrong with the manifests; for CI
  ingress-dev doctor                        check ports, hosts file, names and certificates
  ingress-dev COMMAND --help                every option of a command

Exit status: 0 done; 1 the answer is no; 2 usage or environment.`,
  up: `
Manifests: PATH and -f; else manifests: in ingress-dev.yaml; else the current folder; where that holds no Ingress, the
cluster of the current context, when it is a local one. --context, --kubeconfig, -n and -A read a cluster in any case;
PATHs beside them show manifests over it, before they are applied.

Examples:
  ingress-dev up                            the manifests of the current folder
  ingress-dev up k8s/ -f extra.yaml         a folder and a file
  helm template . | ingress-dev up -        what a chart makes
  ingress-dev up --context minikube         every Ingress of the cluster, from its real pods
  ingress-dev up k8s/ --context minikube    the same, with a change that is not applied yet
  ingress-dev up --map web=3000             web's traffic to a program on port 3000 of this computer
  ingress-dev up --client-address 10.0.0.5  as a client of a private network, whom an allow-list lets in
  ingress-dev up --ingress-class traefik    what names that class, as ingress-nginx would serve it
  ingress-dev up --no-hosts -o json         for scripts: nothing edited, one event a line`,
  explain: `
Nothing is opened or sent: the answer is worked out from the manifests. Ports of the URL do not matter: http means the
http listener, https the https listener.

Examples:
  ingress-dev explain www.basic1.com/path1
  ingress-dev explain https://www.basic-ssl.com/ k8s/
  ingress-dev explain www.basic1.com/path1 --context minikube
  ingress-dev explain shop.test/admin --client-address 10.0.0.5
  ingress-dev explain -X POST --body-size 2m -H 'X-Request-ID: 1' http://shop.test/upload -o json`,
  routes: `
Examples:
  ingress-dev routes
  ingress-dev routes k8s/ --no-echo         without the embedded echo service: what has no endpoints
  ingress-dev routes k8s/ -o json
  ingress-dev routes --context minikube -n shop`,
  check: `
Nothing is opened or sent. What the controller's admission webhook would refuse counts as an error here, as it does for
kubectl apply where the webhook is installed; up serves as much of it as the controller without one. Errors are also
annotations that kubectl apply takes although every request is answered 503 (or 403) for them, and what stops the
controller: nginx refuses its configuration, and no change takes effect any more. What the manifests only lack (a Service,
its port, a Secret) is a warning. Exit status 1: there is an error.

Examples:
  ingress-dev check k8s/
  helm template . | ingress-dev check -
  ingress-dev check k8s/ -o json`,
  hosts: `
Examples:
  ingress-dev hosts list                    the lines that are ours, and whose they are
  sudo ingress-dev hosts sync k8s/          write the hosts of manifests, to stay until hosts clean
  sudo ingress-dev hosts clean              remove every line of ours`,
  doctor: `
Nothing is changed, and nothing but this computer is asked (and the API server, where a cluster is read). Exit status 1:
up would not work as it is.

Examples:
  ingress-dev doctor                        the manifests of the current folder
  ingress-dev doctor k8s/ --http-port 8080
  ingress-dev doctor --context minikube     the cluster, and what you may read of it
  ingress-dev doctor -o json`,
  certs: `
Examples:
  ingress-dev certs list
  ingress-dev certs issue www.basic-ssl.com
  ingress-dev certs secret my-tls-secret k8s/ | kubectl apply -f -`,
} as const;

/** Every option as flag, as variable and as key of the file, one a line. */
export function optionsTable(): string {
  const rows = OPTION_KEYS.map((key) => [`--${longName(key)}`, variableOf(key), fileKeyOf(key)]);
  const widths = [0, 1].map(
    (column) => rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0) + 2,
  );
  const lines = rows.map(
    ([flag = "", variable = "", key = ""]) =>
      `  ${flag.padEnd(widths[0] ?? 0)}${variable.padEnd(widths[1] ?? 0)}${key}`,
  );
  return `
Every option as a variable, and as a key of ingress-dev.yaml in the current folder. A flag beats a variable beats the
file. Variables: lists have commas between, switches are true or false. services: is a map of SERVICE to TARGET.
${lines.join("\n")}`;
}
