import { describe, expect, test } from "vitest";
import { conversion, pathTo, written } from "./conversion.ts";

const FALLBACK = { defaultBackend: { service: { name: "rest", port: { number: 80 } } } };
const REST = [{ name: "rest", port: 80 }];

/** Annotations, and the rule of a host's default backend. */
const FALLBACKS: readonly (readonly [annotations: Readonly<Record<string, string>>, rule: object])[] = [
  [{}, { backendRefs: REST }],
  [
    { "upstream-vhost": "in.test" },
    { filters: [{ type: "URLRewrite", urlRewrite: { hostname: "in.test" } }], backendRefs: REST },
  ],
  [
    { affinity: "cookie" },
    { sessionPersistence: { type: "Cookie", sessionName: "INGRESSCOOKIE" }, backendRefs: REST },
  ],
  [
    { "permanent-redirect": "https://new.test/", "allowlist-source-range": "10.0.0.0/8" },
    { filters: [expect.objectContaining({ type: "RequestRedirect" })] },
  ],
];

describe("the default backend of a host has what the Ingress says of its paths", () => {
  test.each(FALLBACKS)("%j", async (annotations, rule) => {
    const { objects } = await conversion(
      [written({ annotations, paths: ["/p"], more: FALLBACK })],
      "gateway-api",
    );
    const route = objects.find(({ kind }) => kind === "HTTPRoute");
    expect((route?.spec.rules as readonly object[]).at(-1)).toEqual(rule);
  });
});

describe("a path that an older Ingress has", () => {
  test("alone makes no IngressRoute, and no Middleware", async () => {
    const younger = written({ name: "web-2", annotations: { "upstream-vhost": "in.test" } });
    const { objects } = await conversion([written({}), younger], "traefik");
    expect(objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toEqual([
      "IngressRoute web-tls",
      "IngressRoute web",
    ]);
  });

  test("beside another makes no Middleware that nothing names", async () => {
    const annotations = { "rewrite-target": "/x" };
    const younger = written({ name: "web-2", annotations, paths: ["/p", "/q"] });
    const { objects } = await conversion([written({ annotations, paths: ["/p"] }), younger], "traefik");
    const made = objects.filter(
      ({ kind, metadata: { name } }) => kind === "Middleware" && name.startsWith("web-2"),
    );
    expect(made.map(({ spec }) => spec)).toEqual([
      { replacePathRegex: { regex: "(?i)^/q.*", replacement: "/x" } },
    ]);
  });
});

describe("Ingresses of two controllers", () => {
  const OTHER = JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "other" },
    spec: {
      ingressClassName: "contour",
      rules: [{ host: "c.test", http: { paths: [pathTo("s")] } }],
    },
  });
  const OWN = [
    written({ paths: ["/shop/"] }),
    // The API server refuses a method that Gateway API does not name.
    written({
      name: "cors",
      paths: ["/c"],
      annotations: { "enable-cors": "true", "cors-allow-methods": "GET, PROPFIND" },
    }),
  ];

  test("are converted with the warnings of each alone", async () => {
    const own = await conversion(OWN, "gateway-api");
    const both = await conversion([...OWN, OTHER], "gateway-api");
    expect(own.problems.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("a PathPrefix takes /shop as well"),
        expect.stringContaining("PROPFIND"),
      ]),
    );
    expect(both.compared.map(({ from }) => from)).toEqual(["ingress-nginx", "contour"]);
    const told = ({ message, line, witness }: (typeof own.problems)[number]) => ({ message, line, witness });
    expect(both.problems.map(told)).toEqual(expect.arrayContaining(own.problems.map(told)));
  });
});

/** Hosts, and whether capitals of a request's host are said to matter. */
const CAPITALS: readonly (readonly [host: string, isSaid: boolean])[] = [
  ["a.test", false],
  ["*.a.test", true],
];

describe("to contour, capitals are a matter of wildcards alone", () => {
  test.each(CAPITALS)("%s: %s", async (host, isSaid) => {
    const { compared } = await conversion([written({ host })], "contour");
    expect(compared[0]?.general.some(({ id }) => id === "wildcard-capitals")).toBe(isSaid);
    expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  });
});

const CANARY = `# The next version.
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web-canary
  annotations:
    nginx.ingress.kubernetes.io/canary: "true"
    nginx.ingress.kubernetes.io/canary-weight: "10" # a tenth
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: next, port: { number: 80 } } } }] }
`;

describe("a canary's document goes, and its comments stand at its Service", () => {
  test.each(["gateway-api", "contour", "traefik"])("to %s", async (target) => {
    const { text } = await conversion([written({}), CANARY], target);
    expect(text).toMatch(/# The next version\.\n +# a tenth\n +- name: next\n/);
    expect(text.match(/a tenth/g)).toHaveLength(1);
  });

  test("which other paths of the main Service ask as well", async () => {
    const other = written({ name: "other", host: "b.test" });
    const { objects, compared } = await conversion([written({}), other, CANARY], "gateway-api");
    const route = objects.find(({ kind, metadata }) => kind === "HTTPRoute" && metadata.name === "other");
    expect(route?.spec.rules).toMatchObject([
      {
        backendRefs: [
          { name: "s", weight: 90 },
          { name: "next", weight: 10 },
        ],
      },
    ]);
    expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  });
});

describe("a canary by header", () => {
  const by = (header: string, more: Readonly<Record<string, string>> = {}) => [
    written({}),
    written({
      name: "next",
      annotations: { canary: "true", "canary-by-header": header, ...more },
      paths: ["/"],
    }).replaceAll('"name":"s"', '"name":"next"'),
  ];

  test("with an underscore is the header that nginx keeps", async () => {
    const { text } = await conversion(by("x_team", { "canary-by-header-value": "red" }), "gateway-api");
    expect(text).toMatch(/name: x-team\n +value: red/);
  });

  test("with an expression that is none keeps requests with the header at the main Service", async () => {
    const { objects } = await conversion(by("X-A", { "canary-by-header-pattern": "(" }), "contour");
    expect(objects[0]?.spec.routes).toMatchObject([
      {
        conditions: [{ header: { name: "X-A", present: true } }, { prefix: "/" }],
        services: [{ name: "s" }],
      },
      { conditions: [{ prefix: "/" }] },
    ]);
  });
});
