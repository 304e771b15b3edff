import { expect, test } from "vitest";
import { compile } from "../src/compile/compile.ts";
import { CONTROLLER_NAMES, type ControllerName } from "../src/compile/controllers.ts";
import { snapshotOf } from "../src/manifest/snapshot.ts";
import { parseManifest } from "./support/parse-manifest.ts";
import { processorTime } from "./support/processor-time.ts";

type Lines = (count: number) => string;

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
const many = (count: number, line: (at: number) => string) => numbers(count).map(line).join("");
const documents = (count: number, document: (at: number) => string) =>
  numbers(count).map(document).join("---\n");

interface Parts {
  readonly name?: string;
  readonly annotations?: string;
  readonly tls?: string;
  readonly rules: string;
}

const ingress = ({
  name = "a",
  annotations = "",
  tls = "",
  rules,
}: Parts) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    a: b
${annotations}spec:
  ingressClassName: nginx
${tls}  rules:
${rules}`;

const annotation = (name: string, value: string) => `    nginx.ingress.kubernetes.io/${name}: '${value}'\n`;
const path = (written: string, service = "web", type = "Prefix") =>
  `      - {path: "${written}", pathType: ${type}, backend: {service: {name: ${service}, port: {number: 80}}}}\n`;
const rule = (host: string, paths: string) => `  - host: ${host}\n    http:\n      paths:\n${paths}`;
const hosts = (count: number) => many(count, (at) => rule(`h${at}.test`, path("/")));
const object = (kind: string, name: string, rest: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n${rest}\n`;
const data = (lines: string) => object("ConfigMap", "a", `data:\n${lines}`);
const canary = annotation("canary", "true") + annotation("canary-weight", "10");

const custom = (kind: string, name: string, spec: string) =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n${spec}`;
const route = (name: string, rules: string) => custom("HTTPRoute", name, `  rules:\n${rules}`);

const gateway = `${custom("Gateway", "g", "  gatewayClassName: nginx\n  listeners: [{name: a, port: 80, protocol: HTTP}]\n")}---
${custom("GatewayClass", "nginx", "  controllerName: gateway.envoyproxy.io/gatewayclass-controller\n")}---
`;
const attached = (at: number, rules = `  - backendRefs: [{name: s${at}, port: 80}]\n`) =>
  route(`r${at}`, `${rules}  parentRefs: [{name: g}]\n  hostnames: [h${at}.test]\n`);
const other = (group: string, kind: string, name: string, spec: string) =>
  `apiVersion: ${group}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n${spec}`;

/** Things that a manifest may have many of, with a number that takes some milliseconds. */
const CASES: readonly (readonly [string, number, Lines])[] = [
  ["documents", 500, (n) => documents(n, (at) => object("Service", `s${at}`, "spec: {ports: [{port: 80}]}"))],
  [
    "objects of a List",
    500,
    (n) =>
      `apiVersion: v1\nkind: List\nitems:\n${many(n, (at) => `- {apiVersion: v1, kind: Service, metadata: {name: s${at}}, spec: {ports: [{port: 80}]}}\n`)}`,
  ],
  ["the same object", 500, (n) => documents(n, () => object("Service", "s", "spec: {ports: [{port: 80}]}"))],
  [
    "Ingresses of a host",
    500,
    (n) => documents(n, (at) => ingress({ name: `a${at}`, rules: rule("h.test", path(`/p${at}`)) })),
  ],
  [
    "custom resources",
    200,
    (n) => documents(n, (at) => route(`r${at}`, "  - backendRefs: [{name: web, port: 80}]\n")),
  ],
  [
    "items beyond the limit of a list",
    300,
    (n) =>
      route(
        "r",
        many(n, () => "  - backendRefs: [{name: Web, weight: -1}]\n"),
      ),
  ],
  [
    "the same item of a list with keys",
    1000,
    (n) =>
      custom(
        "Gateway",
        "g",
        `  gatewayClassName: a\n  listeners:\n${many(n, () => "  - {name: a, port: 80, protocol: HTTP}\n")}`,
      ),
  ],
  [
    "unknown fields of a custom resource",
    3000,
    (n) =>
      custom(
        "Gateway",
        "g",
        many(n, (at) => `  x${at}: {a: [1]}\n`),
      ),
  ],
  [
    "routes with an equal match",
    300,
    (n) =>
      gateway +
      documents(n, (at) =>
        route(`r${at}`, "  - backendRefs: [{name: web, port: 80}]\n  parentRefs: [{name: g}]\n"),
      ),
  ],
  [
    "routes with a policy each",
    150,
    (n) =>
      gateway +
      documents(
        n,
        (at) =>
          `${attached(at)}---\n${other("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy", `p${at}`, `  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r${at}}]\n  cors: {allowOrigins: ["*"]}\n`)}`,
      ),
  ],
  [
    "Services with a policy each",
    150,
    (n) =>
      gateway +
      documents(
        n,
        (at) =>
          `${attached(at)}---\n${object("Service", `s${at}`, "spec: {ports: [{port: 80}]}")}---\n${custom("BackendTLSPolicy", `p${at}`, `  targetRefs: [{group: "", kind: Service, name: s${at}}]\n  validation: {hostname: a.test, wellKnownCACertificates: System}\n`)}`,
      ),
  ],
  [
    "HTTPProxies",
    200,
    (n) =>
      documents(n, (at) =>
        other(
          "projectcontour.io/v1",
          "HTTPProxy",
          `p${at}`,
          `  virtualhost: {fqdn: h${at}.test}\n  routes: [{services: [{name: web, port: 80}]}]\n`,
        ),
      ),
  ],
  [
    "included HTTPProxies",
    200,
    (n) =>
      other(
        "projectcontour.io/v1",
        "HTTPProxy",
        "root",
        `  virtualhost: {fqdn: h.test}\n  includes:\n${many(n, (at) => `  - {name: p${at}, conditions: [{prefix: /p${at}}]}\n`)}---\n${documents(n, (at) => other("projectcontour.io/v1", "HTTPProxy", `p${at}`, "  routes: [{services: [{name: web, port: 80}]}]\n"))}`,
      ),
  ],
  [
    "IngressRoutes with a Middleware each",
    200,
    (n) =>
      documents(
        n,
        (at) =>
          `${other("traefik.io/v1alpha1", "IngressRoute", `r${at}`, `  routes: [{kind: Rule, match: "Host(\`h${at}.test\`)", middlewares: [{name: m${at}}], services: [{name: web, port: 80}]}]\n`)}---\n${other("traefik.io/v1alpha1", "Middleware", `m${at}`, "  stripPrefix: {prefixes: [/a]}\n")}`,
      ),
  ],
  [
    "IngressRoutes whose Middleware is missing",
    200,
    (n) =>
      documents(n, (at) =>
        other(
          "traefik.io/v1alpha1",
          "IngressRoute",
          `r${at}`,
          `  routes: [{kind: Rule, match: "Host(\`h${at}.test\`)", middlewares: [{name: m}], services: [{name: web, port: 80}]}]\n`,
        ),
      ),
  ],
  ["hosts", 2000, (n) => ingress({ rules: hosts(n) })],
  [
    "paths",
    4000,
    (n) =>
      ingress({
        rules: rule(
          "h.test",
          many(n, (at) => path(`/p${at}`)),
        ),
      }),
  ],
  [
    "the same path",
    4000,
    (n) =>
      ingress({
        rules: rule(
          "h.test",
          many(n, (at) => path("/p", "web", at % 2 ? "Exact" : "Prefix")),
        ),
      }),
  ],
  [
    "expressions",
    300,
    (n) =>
      ingress({
        annotations: annotation("use-regex", "true"),
        rules: rule(
          "h.test",
          many(n, (at) => path(`/p${at}/(.*)`, "web", "ImplementationSpecific")),
        ),
      }),
  ],
  [
    "tls entries",
    2000,
    (n) =>
      ingress({
        tls: `  tls:\n${many(n, (at) => `  - {hosts: [h${at}.test], secretName: s${at}}\n`)}`,
        rules: hosts(n),
      }),
  ],
  [
    "hosts of a tls entry",
    2000,
    (n) =>
      ingress({
        tls: `  tls:\n  - secretName: s\n    hosts:\n${many(n, (at) => `    - h${at}.test\n`)}`,
        rules: hosts(n),
      }),
  ],
  [
    "tls entries for other hosts",
    500,
    (n) =>
      ingress({
        tls: `  tls:\n${many(n, (at) => `  - {hosts: [g${at}.test], secretName: s${at}}\n`)}`,
        rules: hosts(n),
      }),
  ],
  [
    "aliases",
    4000,
    (n) =>
      ingress({
        annotations: annotation(
          "server-alias",
          numbers(n)
            .map((at) => `x${at}.test`)
            .join(","),
        ),
        rules: hosts(1),
      }),
  ],
  [
    "aliases that are expressions",
    200,
    (n) =>
      documents(n, (at) =>
        ingress({
          name: `a${at}`,
          annotations: annotation("server-alias", `~^x${at}\\.test$`),
          rules: rule(`h${at}.test`, path("/")),
        }),
      ),
  ],
  [
    "redirects from www",
    300,
    (n) =>
      documents(n, (at) =>
        ingress({
          name: `a${at}`,
          annotations: annotation("from-to-www-redirect", "true"),
          rules: rule(`h${at}.test`, path("/")),
        }),
      ),
  ],
  [
    "canaries",
    600,
    (n) =>
      documents(2, (at) =>
        ingress({
          name: `a${at}`,
          annotations: at === 1 ? canary : "",
          rules: rule(
            "h.test",
            many(n, (one) => path(`/p${one}`, `s${at}-${one}`)),
          ),
        }),
      ),
  ],
  [
    "canaries of a path",
    300,
    (n) =>
      documents(n, (at) =>
        ingress({
          name: `a${at}`,
          annotations: at > 0 ? canary : "",
          rules: rule("h.test", path("/", `s${at}`)),
        }),
      ),
  ],
  [
    "unknown annotations",
    300,
    (n) => ingress({ annotations: many(n, (at) => annotation(`no-${at}`, "x")), rules: hosts(1) }),
  ],
  [
    "addresses of an allow-list",
    2000,
    (n) =>
      ingress({
        annotations: annotation(
          "whitelist-source-range",
          numbers(n)
            .map((at) => `10.0.${at >> 8}.${at & 255}`)
            .join(","),
        ),
        rules: hosts(1),
      }),
  ],
  [
    "problems of a document",
    1000,
    (n) =>
      ingress({
        rules: rule(
          "h.test",
          many(n, (at) => path(`p${at}`)),
        ),
      }),
  ],
  ["refused documents", 500, (n) => documents(n, (at) => object("Service", `s${at}`, "spec: {portz: []}"))],
  ["keys of a map", 5000, (n) => data(many(n, (at) => `  k${at}: v\n`))],
  ["a repeated key", 5000, (n) => data(many(n, () => "  k: v\n"))],
  [
    "entries on a line",
    5000,
    (n) =>
      object(
        "ConfigMap",
        "a",
        `data: {${numbers(n)
          .map((at) => `k${at}: "v"`)
          .join(", ")}}`,
      ),
  ],
  ["escapes", 50_000, (n) => data(`  x: "${"\\n".repeat(n)}"\n`)],
  ["quotes in a scalar", 50_000, (n) => data(`  x: '${"''".repeat(n)}'\n`)],
  ["blank lines", 50_000, (n) => `kind: ConfigMap\n${"\n".repeat(n)}apiVersion: v1\nmetadata: {name: a}\n`],
  ["comments", 50_000, (n) => `kind: ConfigMap\n${"#\n".repeat(n)}apiVersion: v1\nmetadata: {name: a}\n`],
  ["lines of a folded scalar", 2000, (n) => data(`  x: >\n${"    a\n".repeat(n)}`)],
  ["aliases of YAML", 500, (n) => object("ConfigMap", "&a a", `data:\n${many(n, (at) => `  k${at}: *a\n`)}`)],
  ["lines before a syntax error", 1000, (n) => `${data("  k: v\n".repeat(n))}  a: b: c\n`],
  ["lines behind a syntax error", 1000, (n) => `a: b: c\n${data("  k: v\n".repeat(n))}`],
  ["syntax errors", 1000, (n) => `kind: Ingress\n${"a: b: c\n".repeat(n)}`],
  ["blank lines behind a syntax error", 10_000, (n) => `kind: Ingress\na: b: c\n${"\n".repeat(n)}`],
  [
    "blank lines in a template",
    10_000,
    (n) => `kind: Ingress\na: {{ .b }}\n{{ .c }}\n${"\n".repeat(n)}  x: y: z\n`,
  ],
  ["blank lines of a literal block", 50_000, (n) => data(`  x: |\n    a\n${"\n".repeat(n)}    b\n`)],
  ["brackets never opened", 1000, (n) => `kind: Ingress\n${"] ".repeat(n)}`],
  ["documents of nothing", 20_000, (n) => "---\n".repeat(n)],
];

/** Processor time, which other programs do not affect. unit: ms */
function cost(text: string, controller: ControllerName): number {
  const spent = processorTime();
  const { resources } = parseManifest(text, "a.yaml");
  const { snapshot } = snapshotOf(resources);
  compile(snapshot, { controller, ingressClasses: ["nginx"], classless: "served", configMap: undefined });
  return spent();
}

/** Quadratic cost is 16 times as high for four times as many. */
const MOST = 9;
/** Shorter measurements are meaningless. unit: ms */
const LEAST_MS = 8;

test.each(CASES)("%s cost in proportion to their number", (_what, count, lines) => {
  const [few, more] = [lines(count), lines(4 * count)];
  for (const controller of CONTROLLER_NAMES) {
    const ratios: number[] = [];
    // The first runs compile hot code; the best of the later ones counts.
    while (ratios.length < 5 && !ratios.some((ratio) => ratio <= MOST))
      ratios.push(cost(more, controller) / Math.max(cost(few, controller), LEAST_MS));
    expect(Math.min(...ratios), controller).toBeLessThanOrEqual(MOST);
  }
});
