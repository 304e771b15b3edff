import { fileKeyOf, longName, OPTION_KEYS, variableOf } from "../options.ts";

export const EXAMPLES = {
  program: `
Examples:
  ingress-dev up                            serve the manifests of the current folder on 31000 and 32000
  ingress-dev explain www.basic1.com/path1  show where a request goes, and why
  ingress-dev routes                        print every Ingress as kubectl describe would
  ingress-dev check                         report problems of the manifests; for CI
  ingress-dev doctor                        check ports, hosts file, names and certificates
  ingress-dev COMMAND --help                every option of a command

Exit status: 0 done; 1 the answer is no; 2 usage or environment.`,
  up: `
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
  ingress-dev up --no-hosts -o json         for scripts: edits no hosts file, prints one event per line`,
  explain: `
Opens no port and sends nothing: the manifests alone give the answer. Ports of the URL do not matter: http means the
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
  ingress-dev routes k8s/ --no-echo         without the echo service: shows Services without endpoints
  ingress-dev routes k8s/ -o json
  ingress-dev routes --context minikube -n shop`,
  check: `
Opens no port and sends nothing. Errors are: what the controller's admission webhook would refuse (up serves it as a
controller without webhook does); annotations for which every request gets 503 or 403; and values that nginx refuses, so
that the controller follows no change any more. An absent Service, port or Secret is a warning. Exit status 1: an error.

Examples:
  ingress-dev check k8s/
  helm template . | ingress-dev check -
  ingress-dev check k8s/ -o json`,
  hosts: `
Examples:
  ingress-dev hosts list                    our lines and their owners
  sudo ingress-dev hosts sync k8s/          write the hosts of manifests; they stay until hosts clean
  sudo ingress-dev hosts clean              remove all our lines`,
  doctor: `
Changes nothing, and asks only this computer (and the API server, if a cluster is read). Exit status 1: up would not work.

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

/** One line per option: flag, variable, key of the file. */
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
Options as variables, and as keys of ingress-dev.yaml in the current folder. Flags win over variables, variables over the
file. In variables, commas separate lists, and switches are true or false. services: is a map of SERVICE to TARGET.
${lines.join("\n")}`;
}
