import { expect, test } from "vitest";
import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

const ingress = (name: string, path: string, middlewares = "") => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { traefik.ingress.kubernetes.io/router.middlewares: "${middlewares}" } }
spec:
  ingressClassName: traefik
  rules: [{ host: a.test, http: { paths: [{ path: ${path}, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;

const guarded = (
  name: string,
  path: string,
  entryPoints: string,
  middlewares = "",
) => `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: ${name} }
spec:
  entryPoints: [${entryPoints}]
  routes: [{ kind: Rule, match: "Host(\`g.test\`) && PathPrefix(\`${path}\`)", middlewares: [${middlewares}], services: [{ name: web, port: 80 }] }]
  tls: {}
`;
const redirected = `apiVersion: helm.cattle.io/v1
kind: HelmChartConfig
metadata: { name: traefik, namespace: kube-system }
spec: { valuesContent: "ports: { web: { http: { redirections: { entryPoint: { to: websecure, scheme: https } } } } }" }
`;
const routeBehind = (name: string, parent: string) => `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: ${name} }
spec:
  parentRefs: [{ name: ${parent} }]
  routes: [{ kind: Rule, match: "PathPrefix(\`/x\`)", services: [{ name: web, port: 80 }] }]
`;
const parentRoute = (name: string) => `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: ${name} }
spec: { routes: [{ kind: Rule, match: "Host(\`${name}.test\`)" }] }
`;
const traefikService = (kind: string) => `apiVersion: traefik.io/v1alpha1
kind: TraefikService
metadata: { name: both }
spec: { ${kind} }
`;
const compressing = (name: string, encodings: string) => `apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: { name: ${name} }
spec: { compress: { encodings: [${encodings}] } }
`;

function codesOf(...documents: readonly string[]): readonly (readonly [string, string | undefined])[] {
  const { snapshot } = snapshotOf(parseManifest(documents.join("---\n"), "a.yaml").resources);
  const { problems } = compile(snapshot, { controller: "traefik", classless: "served" });
  return problems.map(({ code, object }) => [code, object?.name]);
}

test.each<readonly [string, readonly string[], ReturnType<typeof codesOf>]>([
  ["nothing where all is served", [ingress("a", "/"), ingress("b", "/b")], []],
  [
    "a guard that is gone, where a shorter rule answers",
    [ingress("a", "/"), ingress("b", "/b", "default-auth@kubernetescrd")],
    [["guard-lost", "b"]],
  ],
  ["a route that is gone, where nothing answers", [ingress("b", "/b", "auth")], [["route-lost", "b"]]],
  [
    "a guard that is gone at its entry point, where a shorter rule answers",
    [guarded("a", "/", "websecure"), guarded("b", "/b", "websecure", "{ name: auth }")],
    [["guard-lost", "b"]],
  ],
  [
    "no open door where nobody but the redirection to https answers, at another entry point",
    [redirected, guarded("b", "/b", "websecure", "{ name: auth }")],
    [["route-lost", "b"]],
  ],
  [
    "routes that are drawn at the second entry point",
    [guarded("a", "/", "websecure"), guarded("b", "/", "websecure")],
    [["ambiguous-route", "b"]],
  ],
  [
    "routes that are drawn at two entry points once",
    [guarded("a", "/", "web, websecure"), guarded("b", "/", "web, websecure")],
    [["ambiguous-route", "b"]],
  ],
  [
    "an entry point that Traefik lacks, beside one that it has",
    [guarded("a", "/", "websecure, web2")],
    [["broken-reference", "a"]],
  ],
  ["routes that are drawn", [ingress("a", "/"), ingress("b", "/")], [["ambiguous-route", "b"]]],
  [
    "those drawn behind each parent, though their own rules are equal",
    ["p1", "p2"].flatMap((parent) => [
      parentRoute(parent),
      routeBehind(`${parent}-a`, parent),
      routeBehind(`${parent}-b`, parent),
    ]),
    [
      ["ambiguous-route", "p1-b"],
      ["ambiguous-route", "p2-b"],
    ],
  ],
  [
    "nothing of copies, sessions and fallbacks, which are honoured",
    [
      traefikService("mirroring: { name: web, port: 80, mirrors: [{ name: copy, port: 80, percent: 10 }] }"),
      traefikService("weighted: { sticky: { cookie: {} }, services: [{ name: web, port: 80 }] }"),
    ],
    [],
  ],
  [
    "Services of one name, of which one answers for both",
    [
      ingress("one", "/")
        .replace("{ name: one,", "{ name: one, namespace: x,")
        .replace("name: web", "name: a-b"),
      ingress("two", "/two")
        .replace("{ name: two,", "{ name: two, namespace: x-a,")
        .replace("name: web", "name: b"),
    ],
    [
      ["ambiguous-route", "two"],
      ["ambiguous-route", "one"],
    ],
  ],
  [
    "connections that are not routed",
    [
      `apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: { name: db }
spec: { entryPoints: [db], routes: [{ match: "HostSNI(\`*\`)", services: [{ name: db, port: 5432 }] }] }
`,
    ],
    [["field-not-honoured", "db"]],
  ],
  [
    "zstd where the middleware would rather speak it",
    [
      compressing("first", "zstd, br"),
      compressing("alone", "zstd"),
      compressing("last", "br, zstd"),
      compressing("unknown", "zstd, x"),
    ],
    [
      ["field-not-honoured", "first"],
      ["field-not-honoured", "alone"],
    ],
  ],
])("check says %s", (_, documents, problems) => expect(codesOf(...documents)).toEqual(problems));

const ruled = (match: string, syntax = "") => `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: r }
spec: { routes: [{ kind: Rule, match: "${match}", ${syntax} services: [{ name: web, port: 80 }] }] }
`;

test.each<readonly [string, string, string, readonly string[]]>([
  ["a template of a host", "HostRegexp(`{sub:[a-z0-9.-]+}.g.test`)", "", ["older-syntax"]],
  ["a template of a path", "Host(`g.test`) && !PathPrefix(`/{id}`)", "", ["older-syntax"]],
  ["a repetition", "HostRegexp(`^[a-z]{2,3}\\\\.g\\\\.test$`)", "", []],
  ["a template where the older syntax is chosen", "HostRegexp(`{sub:[a-z]+}.g.test`)", "syntax: v2,", []],
  ["a matcher that is no more", "Headers(`A`, `b`)", "", ["route-lost"]],
  ["several hosts", "Host(`a.test`, `b.test`)", "", ["route-lost"]],
])("a rule of Traefik 2 is named: %s", (_, match, syntax, wanted) => {
  expect(codesOf(ruled(match, syntax)).map(([code]) => code)).toEqual(wanted);
});

test.each([
  ["Headers(`A`, `b`)", "Write Header in its place, or choose that syntax: syntax: v2 beside match."],
  [
    "HeadersRegexp(`A`, `b`)",
    "Write HeaderRegexp in its place, or choose that syntax: syntax: v2 beside match.",
  ],
  ["Host(`a.test`, `b.test`)", "Give Host one argument, and join several: Host(`a.test`) || Host(`b.test`)."],
  ["Query(`a`, `b`, `c`)", "Correct the arguments of Query."],
])("what to write in place of %s is said", (match, fix) => {
  const { snapshot } = snapshotOf(parseManifest(ruled(match), "a.yaml").resources);
  const { problems } = compile(snapshot, { controller: "traefik", classless: "served" });
  expect(problems.map((problem) => problem.fix)).toEqual([fix]);
});

test("what is done in place of zstd is said", () => {
  const text = compressing("m", "zstd, br");
  const { snapshot } = snapshotOf(parseManifest(text, "a.yaml").resources);
  const { problems } = compile(snapshot, { controller: "traefik", classless: "served" });
  expect(problems.map(({ message }) => message)).toEqual([
    "Middleware default/m: spec.compress.encodings is not honoured: answers are compressed with br in place of zstd, which is not done here.",
  ]);
});
