import { describe, expect, test } from "vitest";
import { createParseCache } from "../../src/manifest/parse-cache.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import type { Ingress, Resource } from "../../src/model/resource.ts";
import { parseInTurns } from "../../src/source/parse-in-turns.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const ingress = (name: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
spec:
  rules:
  - host: ${name}.test
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
`;

const names = (resources: readonly Resource[]) => resources.map((one) => `${one.kind} ${one.metadata.name}`);
const codes = (text: string) =>
  parseManifest(text, "a.yaml").problems.map(({ code, line }) => `${code} ${line}`);

describe("documents", () => {
  const bad = ingress("bad").replace("spec:", " spec:");
  test.each<[string, string, readonly string[], readonly string[]]>([
    ["two", `${ingress("a")}---\n${ingress("b")}`, ["Ingress a", "Ingress b"], []],
    [
      "a bad one between good ones",
      `${ingress("a")}---\n${bad}---\n${ingress("b")}`,
      ["Ingress a", "Ingress b"],
      ["bad-yaml 22"],
    ],
    [
      "with a byte order mark and CRLF",
      `\uFEFF${ingress("a")}---\n${bad}`.replaceAll("\n", "\r\n"),
      ["Ingress a"],
      ["bad-yaml 22"],
    ],
    [
      "comments and nothing between lines",
      `# one\n---\n---\n# Source: x\n---\n${ingress("a")}...\n---\n`,
      ["Ingress a"],
      [],
    ],
    ["a comment on the line", `--- # first\n${ingress("a")}`, ["Ingress a"], []],
    ["with directives", `%YAML 1.1\n---\n${ingress("a")}`, ["Ingress a"], []],
    [
      "flow style on the separator's line",
      `--- {kind: ConfigMap, apiVersion: v1, metadata: {name: c}}\n`,
      ["ConfigMap c"],
      [],
    ],
    ["without a last newline", ingress("a").trimEnd(), ["Ingress a"], []],
    ["empty", "", [], []],
    ["only a separator", "---\n", [], []],
    ["only comments", "# nothing\n", [], []],
    [
      "JSON",
      JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } }, null, "\t"),
      ["ConfigMap c"],
      [],
    ],
  ])("%s", (_what, text, found, problems) => {
    const parsed = parseManifest(text, "a.yaml");
    expect(names(parsed.resources)).toEqual(found);
    expect(codes(text)).toEqual(problems);
  });

  test("an object knows its document and the lines of its fields, also where there are dots in a key", () => {
    const text = `${ingress("a")}---\n${ingress("b").replace("  name: b\n", "  name: b\n  annotations:\n    x.y/z: q\n")}`;
    const origin = parseManifest(text, "a.yaml").resources[1]?.origin;
    expect([origin?.file, origin?.document, origin?.line]).toEqual(["a.yaml", 2, 18]);
    expect(
      [
        "metadata.name",
        "metadata.annotations.x.y/z",
        "spec.rules[0].http.paths[0].backend.service.port.number",
        "spec.tls[3].hosts[0]",
        "spec.rules[7].host",
        "",
      ].map((field) => origin?.lineOf(field)),
    ).toEqual([21, 23, 35, 24, 25, 18]);
  });

  test("a List is its items, at their lines; an IngressList's need not say what they are", () => {
    const { resources } = parseManifest(
      "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n- {apiVersion: v1, kind: Pod}\n---\napiVersion: networking.k8s.io/v1\nkind: IngressList\nitems:\n- metadata: {name: i}\n  spec: {rules: [{host: a.test}]}\n",
      "a.yaml",
    );
    expect(resources.map((one) => `${one.kind} ${one.metadata.name} ${one.origin.line}`)).toEqual([
      "ConfigMap c 4",
      "Ingress i 12",
    ]);
  });
});

describe("what is no problem, and what is", () => {
  test.each<[string, string, readonly string[], Record<string, number>]>([
    [
      "other kinds",
      "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n---\napiVersion: x.io/v1\nkind: Ingress\n",
      [],
      { Pod: 2, Ingress: 1 },
    ],
    ["another kind with a mistake", "apiVersion: a.io/v1\nkind: Foo\n bad\n", [], { Foo: 1 }],
    ["a compose file", "services:\n  web: {image: nginx}\n", [], { "not a Kubernetes object": 1 }],
    ["package.json", '{"name": "x", "version": "1.0.0"}', [], { "not a Kubernetes object": 1 }],
    ["text", "hello there\n", [], { "not a Kubernetes object": 1 }],
    ["no kind", "apiVersion: networking.k8s.io/v1\nmetadata: {name: a}\n", ["missing-kind 1"], {}],
    ["no apiVersion", "\nkind: Ingress\nmetadata: {name: a}\n", ["missing-kind 2"], {}],
    [
      "a template that does not parse",
      "kind: Ingress\n{{- if .Values.x }}\nmetadata: {name: a}\n{{- end }}\n",
      ["helm-template 2"],
      {},
    ],
    [
      "a template that looks like a mapping",
      "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: {{ .Release.Name }}\n",
      ["helm-template 4"],
      {},
    ],
    [
      "a template in quotes",
      'apiVersion: v1\nkind: Service\nmetadata: {name: "{{ .Release.Name }}"}\n',
      ["helm-template 3"],
      {},
    ],
    [
      "a chart's file of two templates",
      "kind: Ingress\nx: {{ a }}\n---\nkind: Service\nx: {{ b }}\n",
      ["helm-template 2"],
      {},
    ],
    [
      "braces that are data",
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {t: "{{ .x }}"}\n',
      [],
      {},
    ],
  ])("%s", (_what, text, problems, passedOver) => {
    expect(codes(text)).toEqual(problems);
    expect(Object.fromEntries(parseManifest(text, "a.yaml").passedOver)).toEqual(passedOver);
  });

  test("the hint for a Helm template is the command that renders it", () =>
    expect(parseManifest("kind: Ingress\nx: {{ a }}\n", "a.yaml").problems[0]?.fix).toContain(
      "helm template . | ingress-dev up -",
    ));
});

describe("old versions", () => {
  const old = (version: string) => `apiVersion: ${version}
kind: Ingress
metadata: {name: old}
spec:
  backend: {serviceName: fallback, servicePort: http}
  rules:
  - http:
      paths:
      - backend: {serviceName: web, servicePort: 8080}
      - {path: /x, pathType: Exact, backend: {serviceName: web, servicePort: 0}}
`;
  test.each(["networking.k8s.io/v1beta1", "extensions/v1beta1"])("%s is served, converted", (version) => {
    const { resources, problems } = parseManifest(old(version), "a.yaml");
    expect((resources[0] as Ingress).spec).toEqual({
      defaultBackend: { kind: "service", name: "fallback", port: { name: "http" } },
      rules: [
        {
          host: "",
          field: "spec.rules[0]",
          paths: [
            {
              path: "",
              pathType: "ImplementationSpecific",
              backend: { kind: "service", name: "web", port: { number: 8080 } },
              field: "spec.rules[0].http.paths[0]",
            },
          ],
        },
      ],
      tls: [],
    });
    expect(problems.map(({ code, level, line }) => `${level} ${code} ${line}`)).toEqual([
      "error invalid-port 10",
      "warning old-api-version 1",
    ]);
    for (const change of [
      "networking.k8s.io/v1",
      "serviceName",
      "servicePort",
      "pathType",
      "defaultBackend",
    ]) {
      expect(problems[1]?.message).toContain(change);
    }
  });
});

test("the other kinds are read", () => {
  const { resources, problems } = parseManifest(
    `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}, {name: m, port: 9000}]}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
type: kubernetes.io/tls
data: {tls.crt: YQ==, x: Yg==}
stringData: {x: c}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: x, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: e, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: "", port: 8080}]
endpoints:
  - {addresses: [10.0.0.1]}
  - {addresses: [10.0.0.2], conditions: {ready: false}, targetRef: {kind: Node, name: n1}}
  - addresses: [10.0.0.3]
    conditions: {ready: false, serving: true, terminating: true}
    targetRef: {kind: Pod, name: web-1, namespace: default}
`,
    "a.yaml",
  );
  expect(problems).toEqual([]);
  expect(
    resources.map(({ origin: _origin, metadata, ...rest }) => ({
      ...rest,
      at: `${metadata.namespace}/${metadata.name}`,
    })),
  ).toEqual([
    {
      kind: "Service",
      at: "shop/web",
      type: "ClusterIP",
      selector: new Map([["app", "web"]]),
      ports: [
        { name: "", port: 80, targetPort: "http" },
        { name: "m", port: 9000, targetPort: 9000 },
      ],
    },
    {
      kind: "Secret",
      at: "default/s",
      type: "kubernetes.io/tls",
      data: new Map([
        ["tls.crt", Buffer.from("a")],
        ["x", Buffer.from("c")],
      ]),
    },
    {
      kind: "Deployment",
      at: "default/web",
      replicas: 3,
      podLabels: new Map([["app", "web"]]),
      containerPorts: [{ name: "http", port: 8080 }],
    },
    { kind: "IngressClass", at: "/nginx", controller: "k8s.io/ingress-nginx" },
    {
      kind: "EndpointSlice",
      at: "default/e",
      service: "web",
      ports: [{ name: "", port: 8080 }],
      endpoints: [
        { addresses: ["10.0.0.1"], ready: true, serving: true, terminating: false },
        { addresses: ["10.0.0.2"], ready: false, serving: false, terminating: false },
        { addresses: ["10.0.0.3"], ready: false, serving: true, terminating: true, pod: "web-1" },
      ],
    },
  ]);
});

test("of two objects with one name the last wins, and a warning is at the first", () => {
  const { resources } = parseManifest(
    `${ingress("a")}---\n${ingress("a").replace("a.test", "b.test")}`,
    "a.yaml",
  );
  const { snapshot, problems } = snapshotOf(resources);
  expect(snapshot.ingresses.map((one) => one.spec.rules[0]?.host)).toEqual(["b.test"]);
  expect(problems.map(({ code, level, line }) => `${level} ${code} ${line}`)).toEqual([
    "warning duplicate-object 1",
  ]);
  expect(problems[0]?.message).toContain("a.yaml:18");
});

describe("10,000 Ingresses in one file", () => {
  const text = Array.from({ length: 10_000 }, (_, at) => ingress(`app-${at}`)).join("---\n");

  test("are read without holding the event loop, and again only where the text changed", async () => {
    const cache = createParseCache();
    let turns = 0;
    let done = false;
    const turn = () => {
      turns++;
      if (!done) setImmediate(turn);
    };
    turn();
    const first = await parseInTurns(text, "a.yaml", "default", cache);
    done = true;
    expect(first.resources).toHaveLength(10_000);
    // In one piece it would be one turn of 300 ms and more; a turn is 10.
    expect(turns).toBeGreaterThan(10);
    const second = await parseInTurns(text.replace("app-7.test", "new.test"), "a.yaml", "default", cache);
    const changed = second.resources.filter((one, at) => one !== first.resources[at]);
    expect(names(changed)).toEqual(["Ingress app-7"]);
    const before = first.resources.at(-1)?.origin.line ?? 0;
    const shifted = await parseInTurns(`# one line more\n${text}`, "a.yaml", "default", cache);
    expect(shifted.resources.at(-1)?.origin.line).toBe(before + 1);
  });
});
