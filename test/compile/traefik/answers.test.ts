import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { workOut } from "../../../src/cli/predict/work-out.ts";
import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import type { Backend } from "../../../src/model/route.ts";
import type { Resolution } from "../../../src/model/upstream.ts";
import { planeFor } from "../../../src/select/table.ts";
import { pageFor } from "../../../src/step/error-pages.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

interface Asked {
  readonly scheme?: "http" | "https";
  readonly entryPoint?: string;
  /** default: a.test */
  readonly host?: string;
  readonly target?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly drawn?: number;
  /** Of the pod's answer. default: 200 */
  readonly status?: number;
  /** Services without endpoints. */
  readonly empty?: readonly string[];
}

const UPSTREAM: Resolution = {
  kind: "upstream",
  upstream: {
    name: "pod",
    protocol: "http",
    basePath: "",
    connection: { kind: "tcp", host: "127.0.0.1", port: 1 },
  },
};

/** What becomes of a request to a.test: `404`, `a /path`, `302 https://…`. */
async function answered(objects: string, flags: readonly string[], asked: Asked = {}): Promise<string> {
  const {
    scheme = "http",
    target = "/",
    headers = [],
    status = 200,
    entryPoint,
    drawn,
    host = "a.test",
    empty = [],
  } = asked;
  const { snapshot } = snapshotOf(parseManifest(objects, "a.yaml").resources);
  const { table } = compile(snapshot, {
    ...{ controller: "traefik", classless: "ignored", completeness: "whole", controllerFlags: flags },
  });
  const point = entryPoint ?? (scheme === "http" ? "web" : "websecure");
  const sample = { scheme, method: "GET", target, headers: [["Host", host], ...headers] } as const;
  const facts = requestFacts(sample, planeFor(table, { scheme, entryPoint: point, host: "" }), {
    ...{ ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance: 0 },
    noEndpoints: () => undefined,
  });
  const resolve = ({ service }: Backend): Resolution =>
    empty.includes(service) ? { kind: "none", why: "" } : UPSTREAM;
  const found = await workOut(table, { resolve }, { ...facts, entryPoint: point, drawn });
  const { route } = found.decision;
  const page = route && status !== 200 ? pageFor(route, facts, status, "backend", []) : undefined;
  const decision = page ?? found.decision;
  const others = drawn === undefined ? (found.decision.oneOf?.length ?? 0) : 0;
  const more = others > 0 ? `, or ${others} other` : "";
  if (decision.kind === "forward") return `${decision.backend.service} ${decision.upstreamPath}${more}`;
  return `${decision.status}${decision.kind === "redirect" ? ` ${decision.location}` : ""}${more}`;
}

const custom = (kind: string, name: string, spec: string) => `---
apiVersion: traefik.io/v1alpha1
kind: ${kind}
metadata: { name: ${name} }
spec: ${spec}
`;
const middleware = (name: string, spec: string) => custom("Middleware", name, spec);
const route = (more: string, match = "Host(`a.test`)", service = "{ name: a, port: 80 }") =>
  custom(
    "IngressRoute",
    "r",
    `{ routes: [{ kind: Rule, match: ${JSON.stringify(match)}, services: [${service}]${more} }] }`,
  );
const SERVICES = ["a", "b"]
  .map(
    (name) =>
      `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { ports: [{ port: 80 }] }\n`,
  )
  .join("");
const through = (...names: readonly string[]) =>
  `, middlewares: [${names.map((name) => `{ name: ${name} }`).join(", ")}]`;

const HTTPS = middleware("m", "{ redirectScheme: { scheme: https } }");
const CLAIMS = [["X-Forwarded-Proto", "http"]] as const;
const TRUSTING = ["--entryPoints.web.forwardedHeaders.insecure=true"];
const UNCLEANED = ["--entryPoints.web.http.sanitizePath=false"];
const URL_PAGE = middleware(
  "m",
  '{ errors: { status: ["418"], service: { name: b, port: 80 }, query: "/?{url}" } }',
);
const STRIP = middleware("s", "{ stripPrefix: { prefixes: [/x] } }");

const replaced = (replacement: string) =>
  middleware("m", `{ redirectRegex: { regex: ".*/x", replacement: "${replacement}" } }`) +
  route(through("m"));

interface Case {
  readonly objects: string;
  readonly flags?: readonly string[];
  readonly asked?: Asked;
}

test.each<[string, Case, string]>([
  [
    "a header about earlier hops is trusted at the entry points that say so",
    { objects: HTTPS + route(through("m")), flags: TRUSTING, asked: { scheme: "https", headers: CLAIMS } },
    "a /",
  ],
  [
    "paths are cleaned at every other entry point",
    { objects: route(""), flags: UNCLEANED, asked: { entryPoint: "metrics", target: "/x//y" } },
    "a /x/y",
  ],
  [
    "paths are kept where the entry point says so",
    { objects: route(""), flags: UNCLEANED, asked: { target: "/x//y" } },
    "a /x//y",
  ],
  [
    "a page is told the URL as the middlewares before it left it",
    { objects: URL_PAGE + STRIP + route(through("s", "m")), asked: { target: "/x/./y", status: 418 } },
    "b /?http%3A%2F%2Fa.test%2Fy",
  ],
  [
    "a page is told the cleaned URL",
    { objects: URL_PAGE + route(through("m")), asked: { target: "/x//y?z", status: 418 } },
    "b /?http%3A%2F%2Fa.test%2Fx%2Fy%3Fz",
  ],
  [
    "a page whose Service has no endpoint keeps its status",
    {
      objects:
        middleware(
          "m",
          '{ errors: { status: ["503"], statusRewrites: { "503": 418 }, service: { name: b, port: 80 }, query: / } }',
        ) + route(through("m")),
      asked: { empty: ["a", "b"] },
    },
    "418",
  ],
  [
    "a fallback answers for a Service without endpoints",
    {
      objects:
        custom(
          "TraefikService",
          "t",
          '{ failover: { service: { name: a, port: 80 }, fallback: { name: b, port: 80 }, errors: { status: ["503"] } } }',
        ) + route("", "Host(`a.test`)", "{ name: t, kind: TraefikService }"),
      asked: { empty: ["a"] },
    },
    "b /",
  ],
  [
    "a redirection writes its URL as Go does",
    { objects: replaced("HTTPS://b.test/ y"), asked: { target: "/x" } },
    "302 https://b.test/%20y",
  ],
  [
    "a redirection to what is no URL to Go is refused",
    { objects: replaced("http://%41/"), asked: { target: "/x" } },
    "502",
  ],
  [
    "a redirection keeps the port of a host with odd letters",
    { objects: HTTPS + route(through("m"), "PathPrefix(`/`)"), asked: { host: "a~b.test:8080" } },
    "302 https://a~b.test:8080/",
  ],
  ["a rule may end in a comment", { objects: route("", "Host(`a.test`) // x") }, "a /"],
  ["a rule may have comments inside", { objects: route("", "Host(`a.test`) /* x */ && Path(`/`)") }, "a /"],
  ["a host may end in a dot", { objects: route(""), asked: { host: "a.test.:80" } }, "a /"],
  [
    "an expression for hosts sees the final dot",
    { objects: route("", "HostRegexp(`^a.test$`)"), asked: { host: "a.test." } },
    "404",
  ],
  [
    "a missing Service loses a route at once, so that an earlier one of its rule stays",
    {
      objects: custom(
        "IngressRoute",
        "t",
        `{ routes: [
          { kind: Rule, match: "Host(\`a.test\`)", services: [{ name: b, port: 80 }] },
          { kind: Rule, match: "Host(\`a.test\`)", services: [{ name: gone, kind: TraefikService }, { name: gone, port: 80 }] } ] }`,
      ),
    },
    "b /",
  ],
  [
    "a port written as text is a name, also where another route names its number",
    {
      objects:
        custom("TraefikService", "t", "{ weighted: { services: [{ name: a, port: 80 }] } }") +
        route("", "Host(`a.test`)", '{ name: b, port: 80 }, { name: a, port: "80" }'),
    },
    "404",
  ],
])("%s", async (_, { objects, flags = [], asked }, expected) => {
  expect(await answered(SERVICES + objects, flags, asked)).toBe(expected);
});

const GUARDED = middleware("m", "{ ipAllowList: { sourceRange: [10.0.0.0/8] } }");
const TWICE =
  GUARDED +
  route(through("m")) +
  custom(
    "IngressRoute",
    "s",
    '{ routes: [{ kind: Rule, match: "Host(`a.test`)", services: [{ name: b, port: 80 }] }] }',
  );

test("a draw stays one where a guard refuses the first of them", async () => {
  expect(await answered(SERVICES + TWICE, [])).toBe("403, or 1 other");
  expect(await answered(SERVICES + TWICE, [], { drawn: 1 })).toBe("b /");
});

const ingress = (head: string) => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: i${head.startsWith("annotations") ? `, ${head}` : ""} }
spec:
  ${head.startsWith("ingressClassName") ? head : ""}
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] }
`;
const ingressClass = (name: string, controller: string) => `---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: ${name} }
spec: { controller: ${controller} }
`;
const CLASSES =
  ingressClass("traefik", "traefik.io/ingress-controller") +
  ingressClass("inner", "traefik.io/ingress-controller") +
  ingressClass("foreign", "example.com/other");
const only = (name: string) => [`--providers.kubernetesIngress.ingressClass=${name}`];
const annotated = (name: string) => `annotations: { kubernetes.io/ingress.class: "${name}" }`;

test.each<[string, string, readonly string[], string]>([
  ["the class of the flag", "ingressClassName: inner", only("inner"), "a /"],
  ["another class of Traefik's", "ingressClassName: traefik", only("inner"), "404"],
  ["a class of another controller", "ingressClassName: foreign", only("foreign"), "404"],
  ["a class that does not exist", "ingressClassName: gone", only("gone"), "404"],
  ["the class of the flag as an annotation", annotated("inner"), only("inner"), "a /"],
  ["another annotation", annotated("traefik"), only("inner"), "404"],
  ["an empty annotation", annotated(""), only("inner"), "404"],
  ["no class", "", only("inner"), "404"],
  ["an empty annotation without the flag", annotated(""), [], "a /"],
  ["no class without the flag", "", [], "a /"],
  ["another class of Traefik's without the flag", "ingressClassName: inner", [], "a /"],
])("an Ingress with %s", async (_, head, flags, expected) => {
  expect(await answered(SERVICES + CLASSES + ingress(head), flags)).toBe(expected);
});
