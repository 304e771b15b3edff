import { describe, expect, test } from "vitest";
import { flagValues, readCommandLine } from "../../src/compile/command-line/read.ts";
import type { CommandLine } from "../../src/compile/command-line.ts";
import { type CompileOptions, compile } from "../../src/compile/compile.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const GO: CommandLine = {
  images: [],
  read: ["class=", "passthrough", "v="],
  idle: ["kubeconfig="],
  unread: ["namespace="],
};
const CASELESS: CommandLine = {
  images: [],
  spelling: "caseless",
  read: ["entryPoints.<name>.address=", "entryPoints.<name>.tls.domains[].main=", "providers.file"],
  idle: [],
};

function read(line: CommandLine, ...texts: readonly string[]) {
  const { flags, refused } = readCommandLine(
    texts.map((text) => ({ text, place: undefined })),
    line,
  );
  return {
    values: Object.fromEntries(flagValues(flags)),
    unread: flags.filter(({ effect }) => effect === "unread").map(({ name }) => name),
    refused: refused.map(({ why, meant }) => (meant === undefined ? why : `${why} (${meant})`)),
  };
}

describe("a command line", () => {
  test.each<[string, readonly string[], object]>([
    ["with =", ["--class=a=b"], { class: "a=b" }],
    ["with a blank", ["--class", "a"], { class: "a" }],
    ["a value that looks like a flag", ["--class", "--passthrough"], { class: "--passthrough" }],
    ["one dash", ["-v=2", "-class", "a"], { v: "2", class: "a" }],
    ["a switch", ["--passthrough"], { passthrough: "true" }],
    ["a switch that is off", ["--passthrough=F"], { passthrough: "false" }],
    ["no value behind a switch", ["--passthrough", "false"], { passthrough: "true" }],
    ["the last one", ["--class=a", "--class=b"], { class: "b" }],
    ["program and words", ["/controller", "serve", "--class=a", "--"], { class: "a" }],
    ["flags without effect", ["--kubeconfig", "--class", "--class=a"], { class: "a" }],
  ])("%s", (_, texts, values) => {
    expect(read(GO, ...texts)).toEqual({ values, unread: [], refused: [] });
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ["a typing mistake", ["--clas=a"], ["has no flag --clas (--class)"]],
    ["nothing near", ["--whatever"], ["has no flag --whatever"]],
    ["another case", ["--Class=a"], ["has no flag --Class (--class)"]],
    ["no value", ["--class"], ["wants a value behind --class"]],
    ["no switch", ["--passthrough=x"], ['takes only true or false for --passthrough, not "x"']],
    [
      "a name of JavaScript",
      ["--__proto__=a", "--constructor"],
      ["has no flag --__proto__", "has no flag --constructor"],
    ],
  ])("refused: %s", (_, texts, refused) => {
    expect(read(GO, ...texts)).toEqual({ values: {}, unread: [], refused });
  });

  test("flags that change answers, but not here", () => {
    expect(read(GO, "--namespace=a").unread).toEqual(["namespace"]);
  });

  test.each<[string, object, readonly string[]]>([
    ["--entrypoints.Web.ADDRESS=:80", { "entrypoints.web.address": ":80" }, []],
    ["--entryPoints.a.tls.domains[12].main=b", { "entrypoints.a.tls.domains[12].main": "b" }, []],
    ["--providers.file", { "providers.file": "true" }, []],
    ["--entryPoints.a.adress=:80", {}, ["has no flag --entryPoints.a.adress (--entryPoints.a.address)"]],
    ["--entryPoints.a.b.address=:80", {}, ["has no flag --entryPoints.a.b.address"]],
    ["--entryPoints..address=:80", {}, [expect.stringMatching(/^has no flag --entryPoints..address/)]],
  ])("any name between dots, in any case: %s", (text, values, refused) => {
    expect(read(CASELESS, text)).toEqual({ values, unread: [], refused });
  });
});

const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: a }
spec:
  ingressClassName: CLASS
  rules: [{ host: a.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] } }]
`;

const workload = (name: string, image: string, args: readonly string[], kind = "Deployment") => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: system }
spec:
  template:
    spec:
      containers:
        - name: sidecar
          image: example.test/sidecar
          args: ["--class=b"]
        - name: controller
          image: ${image}
          args:
${args.map((arg) => `            - ${arg}\n`).join("")}
`;

const IMAGE = "registry.k8s.io:443/ingress-nginx/controller:v1.15.1@sha256:0123";

function compiled(documents: readonly string[], options: Partial<CompileOptions> = {}) {
  const parsed = parseManifest(documents.join("\n---\n"), "a.yaml");
  const { snapshot } = snapshotOf(parsed.resources);
  const { table, problems } = compile(snapshot, {
    controller: "ingress-nginx",
    classless: "served",
    ...options,
  });
  const told = problems.filter(({ code }) => /flag|several|class/.test(code));
  return {
    routes: table.routes.length,
    certificate: table.defaultCertificate,
    problems: told.map(
      ({ code, level, file, line, message }) => `${level} ${code} ${file ?? ""}:${line ?? ""} ${message}`,
    ),
    parsed: parsed.problems,
  };
}

const of = (className: string) => INGRESS.replace("CLASS", className);
const SECRET = "apiVersion: v1\nkind: Secret\nmetadata: { name: own, namespace: system }\n";

describe("flags of the controller among the manifests", () => {
  test.each(["Deployment", "DaemonSet"])("of a %s, of the controller's container alone", (kind) => {
    const args = ["/nginx-ingress-controller", "--ingress-class=edge", "--v=2"];
    expect(compiled([of("edge"), workload("c", IMAGE, args, kind)])).toMatchObject({
      routes: 1,
      problems: [],
      parsed: [],
    });
    expect(compiled([of("nginx"), workload("c", IMAGE, args, kind)]).routes).toBe(0);
  });

  test("with the namespace that the kubelet fills in", () => {
    const args = ["--default-ssl-certificate=$(POD_NAMESPACE)/own"];
    expect(compiled([of("nginx"), SECRET, workload("c", IMAGE, args)])).toMatchObject({
      certificate: "system/own",
      problems: [],
    });
  });

  test("an image of another program has none of them", () => {
    const args = ["--ingress-class=edge"];
    for (const image of [
      "example.test/controller:v1",
      "example.test/ingress-nginx/controller/x",
      "xingress-nginx/controller",
    ])
      expect(compiled([of("edge"), workload("c", image, args)]).routes).toBe(0);
  });

  test("given ones count more", () => {
    const deployed = workload("c", IMAGE, ["--ingress-class=edge"]);
    const controllerFlags = ["--ingress-class", "nginx"];
    expect(compiled([of("nginx"), deployed], { controllerFlags }).routes).toBe(1);
    expect(compiled([of("edge"), deployed], { controllerFlags }).routes).toBe(0);
    expect(compiled([of("edge"), deployed], { ingressClasses: ["nginx"] }).routes).toBe(0);
  });

  test("unknown ones are named, with line and nearest; those without effect here too", () => {
    const args = ["--ingres-class=nginx", "--watch-namespace=a"];
    expect(
      compiled([of("nginx"), workload("c", IMAGE, args)], { controllerFlags: ["--nothing"] }).problems,
    ).toEqual([
      "warning flag-unknown a.yaml:24 ingress-nginx has no flag --ingres-class. Did you mean --ingress-class?",
      "error flag-unknown : ingress-nginx has no flag --nothing.",
      "notice flag-not-honoured a.yaml:25 ingress-nginx's flag --watch-namespace is not honoured: requests are answered as without it.",
    ]);
  });

  test("of several installations, that of the controller class that is meant", () => {
    const second = workload("d", IMAGE, ["--controller-class=example.test/inner", "--ingress-class=inner"]);
    const first = workload("c", IMAGE, ["--ingress-class=edge"]);
    expect(compiled([of("edge"), second, first])).toMatchObject({ routes: 1, problems: [] });
    const third = workload("e", IMAGE, ["--v=2"]);
    expect(compiled([of("edge"), second, first, third]).problems).toEqual([
      expect.stringMatching(
        /^notice several-installations a.yaml:\d+ Deployment system\/e runs ingress-nginx too: the flags of Deployment system\/c are used\.$/,
      ),
    ]);
  });

  test.each([
    ["HelmChartConfig", "rke2-ingress-nginx", ""],
    ["HelmChart", "edge", "  chart: https://example.test/charts/ingress-nginx\n"],
  ])("values of a %s", (kind, name, chart) => {
    const config = `
apiVersion: helm.cattle.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: kube-system }
spec:
${chart}  valuesContent: |-
    controller:
      extraArgs:
        default-ssl-certificate: system/own
        unheard-of: true
`;
    expect(compiled([of("nginx"), SECRET, config])).toMatchObject({
      certificate: "system/own",
      problems: [
        `warning flag-unknown a.yaml:${chart === "" ? 20 : 21} ingress-nginx has no flag --unheard-of.`,
      ],
    });
  });
});
