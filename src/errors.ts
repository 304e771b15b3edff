/**
 * Every error and problem code with its next step.
 *
 * Messages are made where the facts are. Codes and fixes are here in one place, and a test holds
 * `docs/errors.md` complete.
 */
export const CODES = {
  // The environment: exit status 2.
  "port-in-use":
    "Stop the program that holds the port, or choose another one with --http-port and --https-port (0 picks a free one).",
  "port-forbidden":
    "Ports below 1024 need privileges that ingress-dev should not have. Choose another one with --http-port and --https-port.",
  "bad-option": "See ingress-dev COMMAND --help.",
  // src/cli
  "bad-config": "Correct ingress-dev.yaml (ingress-dev up --help lists every key), or delete the line.",
  "bad-url": "Write the URL as for curl: ingress-dev explain http://www.basic1.com/path1",
  "bad-target":
    "Write it as http://ADDRESS[:PORT] or https://ADDRESS[:PORT]; a bare ADDRESS means http on 80 and https on 443.",
  "no-witness": "Name manifests with rules that GET requests reach, and the scheme that they are served by.",
  "remote-target":
    "If you may send them, add --yes. They are GET and HEAD alone, and --rate N sends fewer a second.",
  "target-unreachable":
    "Check that the controller listens there (kubectl get svc -A shows its address), or name one scheme alone: http://ADDRESS or https://ADDRESS.",
  "no-manifests":
    "Name a file or folder (ingress-dev up PATH), list it under manifests: in ingress-dev.yaml, run the command in a folder with Ingress manifests, or read a cluster: --context NAME.",
  "bad-test-file": "Correct the line: docs/test.md lists every key of a test file.",
  "no-test-files": "Write a first one from the manifests: ingress-dev test --init",
  "test-file-exists": "Name another file (ingress-dev test --init FILE.test.yaml), or delete this one.",
  "no-such-secret":
    "Run ingress-dev certs list to see the names. An Ingress names its Secret as secretName under tls:.",
  "bad-host":
    "A host consists of letters, digits and hyphens, with dots between its parts: www.basic1.com or *.basic1.com.",
  "unknown-variable": "Correct the name, or unset the variable.",
  "certs-unusable": "Nothing to do: it is issued again when needed. To remove it, delete the folder.",
  "map-unused": "Name a Service that an Ingress uses: ingress-dev routes lists them.",
  "host-skipped": "Reach the host without an entry: curl --resolve HOST:31000:127.0.0.1 http://HOST:31000/",
  "hosts-file": "Look at the hosts file: ingress-dev hosts list shows our lines.",
  "open-to-network": "Leave --bind out to serve only this computer.",
  "hosts-not-writable":
    "Add the lines by hand, or name the host to curl: curl --resolve HOST:31000:127.0.0.1 http://HOST:31000/",
  "not-written":
    "Make the files writable, and run the command again: it changes only what is left to change.",
  "output-lost": "Free space on the disk, or send the output elsewhere.",
  "output-behind": "Read the output faster, or write it to a file: ingress-dev up -o json > hits.jsonl",
  "remote-cluster": "Leave --context out to read the local cluster only.",
  "remote-context": "If you mean this context, name it: --context NAME",
  // src/kube
  "no-cluster":
    "Start the local cluster (minikube start), or name another context with --context. kubectl config get-contexts lists them.",
  "bad-kubeconfig":
    "Correct the kubeconfig, or name another one with --kubeconfig FILE or the variable KUBECONFIG.",
  "exec-plugin":
    "Install or repair the plugin until kubectl get ingress works with the same context: it runs the same command.",
  "cluster-credentials":
    "Log in again until kubectl get ingress works with the same context: it reads the same files.",
  // src/source/git
  "git-unusable":
    "Install git, and run the command in a git repository. git:REV:PATH reads a revision through the git in PATH.",
  "no-such-revision": "Name a commit, branch or tag of this repository: git log --oneline --all lists them.",
  // src/source/cluster
  "cluster-unreachable":
    "Start the cluster, and check that kubectl reaches it with the same context: kubectl get ingress -A",
  "cluster-unauthorized":
    "Log in again until kubectl get ingress works with the same context: it sends the same credentials.",
  "cluster-forbidden": "Ask for the permission, or name namespaces that you may read with -n.",
  "cluster-without-kind":
    "Nothing to do if the cluster is older than the kind. Otherwise see kubectl api-resources.",
  // certs
  "bad-secret-name":
    "A name has lower-case letters, digits and hyphens, at most 253 characters, and dots between its parts. A namespace has no dots and at most 63 characters.",
  "bad-certificate-host":
    "A certificate is for host names (www.basic1.com, *.basic1.com) and addresses (127.0.0.1).",
  "tls-no-secret":
    "Name a Secret: secretName under tls:. Without one the controller serves its fake certificate.",
  "tls-secret-invalid":
    "Create the Secret from the two files again: kubectl create secret tls NAME --cert tls.crt --key tls.key --dry-run=client -o yaml",
  "tls-secret-host":
    "Use a certificate that names the host, or remove the Secret: ingress-dev then issues one for the host.",
  "tls-secret-expired":
    "Put a valid certificate into the Secret, or remove the Secret: ingress-dev then issues one.",
  "tls-not-served": "Correct what the message names. Until then there is no https by it.",
  "tls-secret-expiring": "Renew the certificate in the Secret.",
  "certs-not-stored": "Name a folder that you can write to: --certs-dir DIR.",
  "certs-key-exposed": "Make the folder readable only for yourself. The new key's file already is.",
  "certs-not-issued": "Try again. If it happens again, please report it with the lines above.",
  "certs-too-large": "Split the hosts among several Secrets, or use a wildcard host.",
  // src/compile
  "class-ignored": "Name a class that is served, or serve the Ingress's class with --ingress-class NAME.",
  "class-missing": "Set spec.ingressClassName: nginx.",
  "duplicate-path": "Remove one of the two paths. The oldest Ingress wins (in files: the first one).",
  "duplicate-location": "Remove one of the two paths: a Prefix /p also covers everything below /p/.",
  "catch-all-disabled": "Remove spec.defaultBackend, or leave --disable-catch-all out.",
  "flag-object": "Add the object to the manifests, or name one that exists.",
  "ingress-inspected": "Write the value differently, or start the controller with --deep-inspect=false.",
  "gateway-assumed":
    "Name the file of the Gateway too, where its listeners have hosts, certificates or limits of their own.",
  "gateway-ignored": "Name a class that is served, or choose it: --ingress-class NAME",
  "gateway-of-other": "Expect another implementation to differ where Gateway API leaves it open.",
  "listener-not-served": "Correct what the condition names; until then nothing listens there.",
  "route-not-attached": "Correct the reference, or what the listener allows.",
  "broken-reference": "Correct the reference; a name in another namespace needs a ReferenceGrant there.",
  "controller-stops": "Correct what the message names. Until then the cluster ignores every change.",
  "older-syntax": "Write it in the syntax of the version that is served.",
  "ambiguous-route":
    "Let one of the two match more than the other: a longer rule or a priority of its own, or remove one of them.",
  "guard-lost": "Correct what the message names. Until then requests that the guard would refuse are let in.",
  "route-lost": "Correct what the message names. Until then the controller does not have the route.",
  "status-error":
    "Correct what the message names: it is what the controller writes into the object's status.",
  "flag-unknown": "Correct the name, or leave the flag out.",
  "controller-not-chosen":
    "Add it to --controller to see what becomes of them; other controllers ignore them.",
  "unknown-class":
    "Serve them as a controller that is known would: --controller NAME --ingress-class CLASS. Else they are ignored.",
  "several-installations":
    "Name the one that is meant: --controller-class NAME, or --controller-flag for what differs.",
  "flag-not-honoured": "Expect the cluster to act on the flag; ingress-dev does not.",
  "resource-backend": "Name a Service as the backend: ingress-nginx serves nothing else.",
  "regex-host": "Give paths with regular expressions a host of their own.",
  "bad-pattern":
    "Correct the regular expression. The message names the construct that ingress-dev cannot run.",
  "slow-pattern": "Write the expression without a repeated group inside a repetition.",
  "path-type-strict": "Use pathType: ImplementationSpecific for a regular expression.",
  "alias-taken": "Remove the alias, or the Ingress with that host.",
  "canary-ignored": "Give the canary the host, path and pathType of its Ingress, and a Service of its own.",
  "canary-backend": "Give the canary a Service of its own.",
  "annotation-refused":
    "Write a value that the controller allows. Until then nothing of the Ingress is served.",
  "annotation-denied":
    "Correct what the message names. Until then the controller answers 503 at every path of the Ingress (403 for auth-tls-secret).",
  "ssl-passthrough":
    "Start the controller with --enable-ssl-passthrough. Without it the controller ends TLS itself.",
  "ssl-passthrough-unused": "Add the path / for a host name, with the Service that answers TLS.",
  "annotation-ignored": "Write a value that the controller allows. Until then the default applies.",
  "annotation-surprising": "Write what you mean: the message says what the controller does with this value.",
  "annotation-not-honoured": "Expect the cluster to act on it; ingress-dev does not.",
  "annotation-not-read": "Remove it, or do the same in the controller's own way.",
  "annotation-unknown": "Correct the name (docs/annotations.md lists all of them), or remove it.",
  "option-ignored": "Write a value that the controller accepts. Until then its default applies.",
  "field-not-honoured": "Expect the cluster to act on the field; ingress-dev does not.",
  "option-not-honoured": "Expect the cluster to act on the option; ingress-dev does not.",
  "option-unknown": "Correct the name (docs/annotations.md lists every supported option), or remove it.",
  "stream-ignored": 'Write "PORT": NAMESPACE/SERVICE:PORT.',
  "stream-port": "Stop the program that holds the port, or remove the entry here.",
  "client-excluded": "Ask as another client: --client-address ADDRESS, for up and explain.",
  "auth-open": "Run the authentication service, and send its requests there: --map NAMESPACE/SERVICE=PORT",
  "made-up": "Use the printed command, or add the Secret to the manifests.",
  "reference-absent":
    "Add the object to the manifests. Nothing to do if the cluster has it; --exact shows the result without it.",
  "service-port": "Name a port of the Service, by number, name or targetPort.",
  "service-endpoints": "Correct what the message names.",
  "service-selector": "Let the Service select the labels of its pods.",
  "service-missing":
    "Add the Service to the manifests, or correct its name. Nothing to do if the cluster has it.",
  "no-configmap": "Add the ConfigMap to the manifests, or give the NAMESPACE/NAME of one that exists.",
  "annotation-of-another": "Remove it, or use ingress-nginx's own annotation: nginx.ingress.kubernetes.io/…",
  // src/cli/check
  "ignore-unknown":
    "Write # ingress-dev-ignore: CODE, with a code as check prints it (docs/errors.md lists all of them).",
  "ignore-unused": "Remove the code from the comment, or move it to the line above the problem.",
  // src/findings
  "redirect-loop": "Let one of the redirects lead elsewhere: no browser gets out of the circle.",
  "unreachable-rule": "Remove the rule, or change the one that takes its requests.",
  "rewrite-drops-path":
    "Capture the rest of the path: path: /api(/|$)(.*) with pathType: ImplementationSpecific, and rewrite-target: /$2.",
  "rewrite-missing-group": "Use a group that the path has, or add the group to the path.",
  "catch-all": "Nothing to do if it is meant so. Otherwise write the host.",
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
  "wrong-type": "Use a value of that type. Numbers, true and false are strings only in quotes.",
  "missing-field": "Add the field: the kind requires it.",
  "invalid-value": "Correct the value as the message says.",
  "unsupported-value": "Write one of the values that the message lists, spelled exactly so.",
  "duplicate-value": "Delete one of the two entries, or change what tells them apart.",
  "rules-unchecked": "Correct the other problems of the object: then its rules are checked as well.",
  "deprecated-version": "Write the newer apiVersion that the message names.",
  "duplicate-key": "Write each key once.",
  "duplicate-object": "Delete one of the two, or change its name or namespace.",
  "invalid-metadata": "Correct the field in metadata.",
  "empty-spec": "Add rules or a default backend to the Ingress.",
  "invalid-host":
    "Write a DNS name in lower case, without port, scheme or trailing dot: www.basic1.com or *.basic1.com.",
  "unresolvable-host":
    "Shorten each part between dots to 63 characters. Until then only curl -H 'Host: …' reaches the host.",
  "invalid-path":
    "Write an absolute path: /path1. A regular expression needs pathType: ImplementationSpecific.",
  "missing-path-type": "Add pathType: Prefix, Exact or ImplementationSpecific.",
  "invalid-path-type": "Write pathType: Prefix, Exact or ImplementationSpecific, spelled exactly so.",
  "invalid-backend": "Write backend: {service: {name: NAME, port: {number: 80}}}.",
  "invalid-port": "Set a number from 1 to 65535, or a port name of the Service, but not both.",
  "invalid-tls": "Correct the entry under tls: hosts are DNS names, secretName is a Secret's name.",
  "invalid-class": "Name the class once, by spec.ingressClassName: nginx.",
  "old-api-version":
    "Write it so (ingress-dev convert --write does), and kubectl apply will take it: ingress-dev serves both.",
  // src/convert
  "not-converted":
    "Write the values out where they are used, or convert the document by hand (docs/convert.md).",
  "differs-after-conversion": "Decide whether it matters: the request in the message shows it.",
  // src/source
  "no-such-input":
    "Check the path. It is a folder, a file, a pattern in quotes ('k8s/*.yaml'), or - for standard input.",
  "unreadable-file": "Make it a readable text file, or leave it out.",
  "file-too-large": "Split the file, or name only files with manifests.",
  "no-objects": "Name files with Ingress manifests.",
  kustomization: "Build it first: kubectl kustomize FOLDER | ingress-dev up -",
  "last-good-kept": "Correct the problem beside this one. Saving the file reads it again.",
  "watching-by-polling":
    "To notice changes sooner, raise the limit: sysctl fs.inotify.max_user_watches=524288 (Linux).",
  // src/har
  "bad-har":
    "Export the HAR again (in a browser: the network panel's menu), or record one: ingress-dev up --record FILE.har",
  // src/cli/explain/log
  "bad-log": "See docs/logs.md for the logs that are read, or export a HAR.",
  // src/cli/replay
  "no-proxy":
    "Start it (ingress-dev up), name its ports with --http-port and --https-port, or send nothing: --offline.",
  "nothing-replayed": "Name the manifests that the recording is of: ingress-dev replay FILE.har k8s/",
  // src/cli/up/output/record
  "record-file": "Name another file that ingress-dev can write: --record FILE.har",
  "record-exists": "Name another file, or delete this one: a recording never replaces a file.",
  "record-stopped": "Free space on the disk, then start up again with another file.",
  "record-behind": "Record to a faster disk, or send fewer requests.",
  recording: "Nothing to do. See docs/replay.md for what a recording holds.",
  internal: "This is a bug in ingress-dev. Please report it with the lines above.",
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
