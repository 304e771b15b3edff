/**
 * Every error and problem code with its next step.
 *
 * Messages are made where the facts are. Codes and fixes are here in one place, and a test holds
 * `docs/errors.md` complete.
 */
export const CODES = {
  // The environment: exit status 2.
  "port-in-use":
    "Stop the program that holds the port, or choose another with --http-port and --https-port (0 picks a free one).",
  "port-forbidden":
    "Ports below 1024 need privileges that ingress-dev should not have: choose another with --http-port and --https-port.",
  "bad-option": "See ingress-dev COMMAND --help.",
  // src/cli
  "bad-config": "Correct ingress-dev.yaml (ingress-dev up --help lists every key), or delete the line.",
  "bad-url": "Write it as curl takes it: ingress-dev explain http://www.basic1.com/path1",
  "no-manifests":
    "Name a file or a folder (ingress-dev up PATH), list it under manifests: in ingress-dev.yaml, run the command in a folder that holds Ingress manifests, or read a cluster: --context NAME.",
  "no-such-secret":
    "ingress-dev certs list shows the names; a Secret is named by secretName under tls: of an Ingress.",
  "bad-host":
    "A host is labels of letters, digits and hyphens, with dots between them: www.basic1.com or *.basic1.com.",
  "unknown-variable": "Correct the name, or unset the variable.",
  "certs-unusable":
    "Nothing has to be done: it is issued anew when it is needed. Delete the folder to be rid of it.",
  "map-unused": "Name a Service that an Ingress leads to: ingress-dev routes shows them.",
  "host-skipped": "Reach the host without an entry: curl --resolve HOST:31000:127.0.0.1 http://HOST:31000/",
  "hosts-file": "Look at the hosts file: ingress-dev hosts list shows the lines that are ours.",
  "open-to-network": "Leave --bind out to serve this computer alone.",
  "hosts-not-writable":
    "Add the lines by hand, or name the host to curl: curl --resolve HOST:31000:127.0.0.1 http://HOST:31000/",
  "remote-cluster": "Leave --context out to read the local cluster alone.",
  "remote-context": "Name the context, if it is meant: --context NAME",
  // src/kube
  "no-cluster":
    "Start the local cluster (minikube start), or name another context with --context; kubectl config get-contexts shows them.",
  "bad-kubeconfig":
    "Correct the kubeconfig, or name another with --kubeconfig FILE (or the variable KUBECONFIG).",
  "exec-plugin":
    "Install or repair the plugin until kubectl get ingress works with the same context: it runs the same command.",
  "cluster-credentials":
    "Log in again, until kubectl get ingress works with the same context: it reads the same files.",
  // src/source/cluster
  "cluster-unreachable":
    "Start the cluster, and see whether kubectl reaches it with the same context: kubectl get ingress -A",
  "cluster-unauthorized":
    "Log in again, until kubectl get ingress works with the same context: it sends the same credentials.",
  "cluster-forbidden": "Ask for the permission, or name namespaces that you may read with -n.",
  "cluster-without-kind":
    "Nothing has to be done where the cluster is older than the kind; else see kubectl api-resources.",
  // certs
  "bad-secret-name":
    "Names have lower-case letters, digits and hyphens, with dots between (not in a namespace), at most 253 characters (a namespace 63).",
  "bad-certificate-host":
    "A certificate is for host names (www.basic1.com, *.basic1.com) and addresses (127.0.0.1).",
  "tls-no-secret":
    "Name a Secret: secretName under tls:. Without one the controller has only its fake certificate to serve.",
  "tls-secret-invalid":
    "Make the Secret from the two files again: kubectl create secret tls NAME --cert tls.crt --key tls.key --dry-run=client -o yaml",
  "tls-secret-host":
    "Use a certificate that names the host, or leave the Secret out: ingress-dev then issues one for the host.",
  "tls-secret-expired":
    "Put a valid certificate into the Secret, or leave the Secret out: ingress-dev then issues one.",
  "tls-secret-expiring": "Renew the certificate in the Secret.",
  "certs-not-stored": "Name a folder that you can write to: --certs-dir DIR.",
  "certs-key-exposed": "Keep the folder to yourself. The new key is in a file that only you can read.",
  "certs-not-issued": "Try again; if it stays so, please report it with the lines above.",
  "certs-too-large": "Divide the hosts among several Secrets, or use a wildcard host.",
  // src/compile
  "class-ignored": "Name a class that is served, or serve the Ingress's class with --ingress-class NAME.",
  "class-missing": "Set spec.ingressClassName: nginx.",
  "duplicate-path": "Remove one of the two paths: the oldest Ingress wins (on disk: the first file).",
  "duplicate-location": "Remove one of the two paths: a Prefix /p covers what is below /p/ as well.",
  "catch-all-disabled": "Remove spec.defaultBackend, or leave --disable-catch-all out.",
  "flag-object": "Add the object to the manifests, or name one that is there.",
  "ingress-inspected": "Write the value otherwise, or start the controller with --deep-inspect=false.",
  "controller-stops": "Correct what the message names: until it goes, the cluster follows no change at all.",
  "resource-backend": "Name a Service as the backend: ingress-nginx serves nothing else.",
  "regex-host": "Give the paths that need regular expressions a host of their own.",
  "bad-pattern":
    "Correct the regular expression; a construct that ingress-dev cannot run is named in the message.",
  "slow-pattern": "Write the expression without a repeated group inside a repetition.",
  "path-type-strict": "Use pathType: ImplementationSpecific for a regular expression.",
  "alias-taken": "Remove the alias, or the Ingress whose host it is.",
  "canary-ignored":
    "Give the canary the host, path and pathType of the Ingress that it belongs to, and a Service of its own.",
  "canary-backend": "Give the canary a Service of its own.",
  "annotation-refused":
    "Write a value that the controller allows: as it is, it serves nothing of the Ingress.",
  "annotation-denied":
    "Correct what the message names: as it is, the controller answers 503 at every path of the Ingress (403 for auth-tls-secret).",
  "ssl-passthrough": "Start the controller with --enable-ssl-passthrough, or it ends TLS itself.",
  "ssl-passthrough-unused":
    "Add the path / of a host with a name of its own, with the Service that answers TLS.",
  "annotation-ignored": "Write a value that the controller allows: as it is, the default applies.",
  "annotation-surprising":
    "Write it so that it does what is meant: the message says what the controller does.",
  "annotation-not-honoured": "Keep in mind that the cluster honours it and ingress-dev does not.",
  "annotation-unknown": "Correct the name (docs/annotations.md lists every one), or remove it.",
  "option-ignored": "Write a value that the controller takes: as it is, its default applies.",
  "option-not-honoured": "Keep in mind that the cluster honours the option and ingress-dev does not.",
  "option-unknown":
    "Correct the name (docs/annotations.md lists every option that is honoured), or remove it.",
  "stream-ignored": 'Write "PORT": NAMESPACE/SERVICE:PORT.',
  "stream-port": "Stop what holds the port, or leave the entry out here.",
  "client-excluded": "Ask as another client: --client-address ADDRESS, in up and in explain.",
  "auth-open": "Run the authentication service, and lead requests to it: --map NAMESPACE/SERVICE=PORT",
  "made-up": "Come in with the command that is printed, or add the Secret to the manifests.",
  "reference-absent":
    "Add what is named to the manifests. Nothing has to be done where the cluster has it; --exact shows it without.",
  "service-port": "Name a port that the Service has, by its number, its name or its targetPort.",
  "service-endpoints": "Correct what the message names.",
  "service-selector": "Give the Service the labels of the pods that it is for.",
  "service-missing":
    "Add the Service to the manifests, or correct its name. Nothing has to be done where the cluster has it.",
  "no-configmap": "Add the ConfigMap to the manifests, or write NAMESPACE/NAME of one that is there.",
  "annotation-of-another": "Remove it, or use ingress-nginx's own annotation: nginx.ingress.kubernetes.io/…",
  // src/hosts
  "hosts-unreadable": "Name another file with --hosts-file, or correct its permissions (ls -l FILE).",
  // src/upstream
  "bad-map":
    "Write it as [NAMESPACE/]SERVICE[:PORT]=TARGET, where TARGET is PORT, HOST:PORT or a URL: --map web=3000 or --map shop/web:80=http://localhost:5173",
  // src/manifest
  "bad-yaml": "Correct the YAML at that line.",
  "helm-template": "Render the chart first: helm template . | ingress-dev up -",
  "unknown-kind":
    "Write kind and apiVersion as kubectl api-resources lists them: Ingress, networking.k8s.io/v1.",
  "missing-kind": "Add kind and apiVersion: kind: Ingress, apiVersion: networking.k8s.io/v1.",
  "unknown-field":
    "Correct the field's name or place (kubectl explain ingress.spec --recursive shows them), or delete it.",
  "wrong-type": "Give the field a value of that type; a number or true and false are strings only in quotes.",
  "duplicate-key": "Write each key once.",
  "duplicate-object": "Delete one of the two, or give it another name or namespace.",
  "invalid-metadata": "Correct the field in metadata.",
  "empty-spec": "Give the Ingress rules, or a default backend.",
  "invalid-host":
    "Write a DNS name in lower case, without port, scheme or last dot: www.basic1.com or *.basic1.com.",
  "unresolvable-host":
    "Shorten the part between two dots to 63 characters; until then only curl -H 'Host: …' can ask for it.",
  "invalid-path":
    "Write an absolute path: /path1. A regular expression needs pathType: ImplementationSpecific.",
  "missing-path-type": "Add pathType: Prefix, Exact or ImplementationSpecific.",
  "invalid-path-type": "Write pathType: Prefix, Exact or ImplementationSpecific, in exactly these letters.",
  "invalid-backend": "Write backend: {service: {name: NAME, port: {number: 80}}}.",
  "invalid-port": "Give the port a number from 1 to 65535, or the name of a port of the Service; not both.",
  "invalid-tls": "Correct the entry under tls: hosts are DNS names, secretName is the name of a Secret.",
  "invalid-class": "Name the class once, by spec.ingressClassName: nginx.",
  "old-api-version": "Write it so, and kubectl apply will take it: ingress-dev serves both.",
  // src/source
  "no-such-input":
    "Check the path; a folder, a file, a pattern in quotes ('k8s/*.yaml') or - for standard input.",
  "unreadable-file": "Make the file a readable text file, or leave it out.",
  "file-too-large": "Split the file, or name only the files that hold manifests.",
  "no-objects": "Name the files that hold Ingress manifests.",
  kustomization: "Build it first: kubectl kustomize FOLDER | ingress-dev up -",
  "last-good-kept": "Correct what the problem beside this one says; the file is read again when it is saved.",
  "watching-by-polling":
    "Raise the limit to be told of changes sooner: sysctl fs.inotify.max_user_watches=524288 (Linux).",
  internal: "This is a mistake in ingress-dev: please report it with the lines above.",
} as const satisfies Record<string, string>;

/** A key of `CODES`. */
export type Code = keyof typeof CODES;

/** An error that the user can act on. Printed without a stack; exit status 2. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: Code;
  readonly fix: string;

  constructor(code: Code, message: string, fix: string = CODES[code]) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}
