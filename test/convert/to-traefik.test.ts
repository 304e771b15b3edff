import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { runHere } from "../cli/in-process.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "to-traefik-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface MadeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

async function converted(text: string) {
  const file = join(folder, "a.yaml");
  writeFileSync(file, text);
  const { stdout, stderr, code } = await runHere(["convert", "--to", "traefik", "--exact", file]);
  const objects = parseAllDocuments(stdout).map((document) => document.toJS() as MadeObject);
  return { code, stdout, stderr, objects };
}

const WHOLE = `# Front door.
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop # also in the runbook
spec:
  ingressClassName: nginx
  tls:
    - hosts: [shop.test]
      secretName: shop-tls
  rules:
    - host: shop.test # the public name
      http:
        paths:
          # The cart has its own team.
          - path: /cart
            pathType: Exact
            backend:
              service: { name: cart, port: { number: 80 } }
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web # v2 since May
                port: { number: 80 }
# the end
`;

test("two IngressRoutes stand where the Ingress stood, with its comments", async () => {
  const { stdout } = await converted(WHOLE);
  expect(stdout).toBe(`# Front door.
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata:
  name: shop-tls # also in the runbook
spec:
  entryPoints:
    - websecure
  routes:
    - kind: Rule
      # The cart has its own team.
      match: "Host(\`shop.test\`) && Path(\`/cart\`)" # the public name
      priority: 210005001
      services:
        - name: cart
          port: 80
    - kind: Rule
      match: "Host(\`shop.test\`) && PathPrefix(\`/\`)"
      priority: 200001001
      services:
        - name: web # v2 since May
          port: 80
  tls:
    secretName: shop-tls
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata:
  name: shop
spec:
  entryPoints:
    - web
  routes:
    - kind: Rule
      match: "Host(\`shop.test\`) && Path(\`/cart\`)"
      priority: 210005001
      middlewares:
        - name: shop-https
      services:
        - name: cart
          port: 80
    - kind: Rule
      match: "Host(\`shop.test\`) && PathPrefix(\`/\`)"
      priority: 200001001
      middlewares:
        - name: shop-https
      services:
        - name: web
          port: 80
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata:
  name: shop-https
spec:
  redirectScheme:
    scheme: https
    permanent: true
# the end
`);
});

function ingress(annotations: Readonly<Record<string, string>>, path = "/p", pathType = "Prefix"): string {
  const metadata = {
    name: "web",
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([name, value]) => [`nginx.ingress.kubernetes.io/${name}`, value]),
    ),
  };
  const backend = { service: { name: "s", port: { number: 80 } } };
  const rules = [{ host: "a.test", http: { paths: [{ path, pathType, backend }] } }];
  const spec = { ingressClassName: "nginx", rules };
  return JSON.stringify({ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata, spec });
}

const SECRET = JSON.stringify({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "users" },
  stringData: { auth: "ann:{SHA}nU4eI71bcnBGqeO0t9tXvY1u5oQ=" },
});

/** Annotations, and the Middleware that they come to. */
const MIDDLEWARES: readonly (readonly [
  annotations: Readonly<Record<string, string>>,
  name: string,
  spec: object,
])[] = [
  [
    { "whitelist-source-range": "10.0.0.0/8,127.0.0.1" },
    "web-allow",
    { ipAllowList: { sourceRange: ["10.0.0.0/8", "127.0.0.1"] } },
  ],
  [
    { "limit-rps": "5", "limit-burst-multiplier": "2" },
    "web-limit-rps",
    { rateLimit: { average: 5, period: "1s", burst: 10 } },
  ],
  [{ "limit-rpm": "6" }, "web-limit-rpm", { rateLimit: { average: 6, period: "1m", burst: 30 } }],
  [
    { "limit-connections": "3" },
    "web-limit-connections",
    { inFlightReq: { amount: 3, sourceCriterion: { ipStrategy: { depth: 0 } } } },
  ],
  [
    { "auth-type": "basic", "auth-secret": "users", "auth-realm": "Shop" },
    "web-password",
    { basicAuth: { secret: "users", realm: "Shop", removeHeader: true } },
  ],
  [
    { "auth-url": "http://auth.test/check", "auth-response-headers": "X-User, X-Role" },
    "web-auth",
    { forwardAuth: { address: "http://auth.test/check", authResponseHeaders: ["X-User", "X-Role"] } },
  ],
  [{ "proxy-body-size": "1k" }, "web-body-size", { buffering: { maxRequestBodyBytes: 1024 } }],
  [{ "upstream-vhost": "in.test" }, "web-sent", { headers: { customRequestHeaders: { Host: "in.test" } } }],
  [
    { "permanent-redirect": "https://else.test/x" },
    "web-redirect",
    { redirectRegex: { regex: "^.*$", replacement: "https://else.test/x", permanent: true } },
  ],
  [
    { "rewrite-target": "/new" },
    "web-rewrite",
    { replacePathRegex: { regex: "(?i)^/p.*", replacement: "/new" } },
  ],
  [{ "force-ssl-redirect": "true" }, "web-https", { redirectScheme: { scheme: "https", permanent: true } }],
  [
    { "enable-cors": "true", "cors-allow-origin": "https://*.o.test", "cors-allow-methods": "GET" },
    "web-cors",
    {
      headers: expect.objectContaining({
        accessControlAllowOriginListRegex: ["^https://[A-Za-z0-9-]+\\.o\\.test$"],
        accessControlAllowMethods: ["GET"],
        accessControlMaxAge: 1_728_000,
      }),
    },
  ],
];

describe("annotations become Middlewares that every route names", () => {
  test.each(MIDDLEWARES)("%j: %s", async (annotations, name, spec) => {
    const { objects, stderr, code } = await converted(`${ingress(annotations)}\n---\n${SECRET}`);
    const found = objects.find(({ kind, metadata }) => kind === "Middleware" && metadata.name === name);
    expect(found?.spec).toEqual(spec);
    const routes = objects.filter(({ kind }) => kind === "IngressRoute");
    const named = routes.map(({ spec: { routes: all } }) =>
      JSON.stringify(all).includes(`{"name":"${name}"}`),
    );
    // By https nothing is redirected to https.
    expect(named).toEqual([name !== "web-https", true]);
    expect(stderr).toContain("Nothing else differs.");
    expect(code).toBe(0);
  });
});

test("a canary is a route by header above the path's, and a share of it", async () => {
  const canary = ingress({ canary: "true", "canary-by-header": "X-C", "canary-weight": "20" })
    .replace('"name":"web"', '"name":"next"')
    .replace('"name":"s"', '"name":"t"');
  const { objects, code } = await converted(`${ingress({})}\n---\n${canary}`);
  const [, http] = objects.filter(({ kind }) => kind === "IngressRoute");
  const rule = "Host(`a.test`) && (Path(`/p`) || PathPrefix(`/p/`))";
  expect(http?.spec.routes).toEqual([
    {
      kind: "Rule",
      match: `${rule} && Header(\`X-C\`, \`always\`)`,
      priority: 200_002_003,
      services: [{ name: "t", port: 80 }],
    },
    {
      kind: "Rule",
      match: `${rule} && Header(\`X-C\`, \`never\`)`,
      priority: 200_002_002,
      services: [{ name: "s", port: 80 }],
    },
    {
      kind: "Rule",
      match: rule,
      priority: 200_002_001,
      services: [
        { name: "s", port: 80, weight: 80 },
        { name: "t", port: 80, weight: 20 },
      ],
    },
  ]);
  expect(code).toBe(0);
});

test("backends by https get a scheme and a ServersTransport", async () => {
  const { objects } = await converted(ingress({ "backend-protocol": "HTTPS" }));
  const [, http] = objects.filter(({ kind }) => kind === "IngressRoute");
  expect(http?.spec.routes).toMatchObject([
    { services: [{ name: "s", port: 80, scheme: "https", serversTransport: "web-tls" }] },
  ]);
  expect(objects.find(({ kind }) => kind === "ServersTransport")?.spec).toEqual({ insecureSkipVerify: true });
});

/** What cannot be converted, and the line that says so. */
const LEFT: readonly (readonly [title: string, text: string, said: RegExp])[] = [
  [
    "an allow list with a mistake",
    ingress({ "whitelist-source-range": "10.0.0.0/8,office" }),
    /not-converted .*all answered 503/,
  ],
  [
    "an expression that RE2 does not know",
    ingress({ "use-regex": "true" }, "/(?!api).*", "ImplementationSpecific"),
    /not-converted .*is none of RE2's expressions/,
  ],
];

test.each(LEFT)("%s is left as it is", async (_, text, said) => {
  const { stdout, stderr, code } = await converted(`${text}\n`);
  expect(stdout).toBe(`${text}\n`);
  expect(stderr).toMatch(said);
  expect(code).toBe(1);
});

test("an annotation that nothing takes the place of is named with its line", async () => {
  const text = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/mirror-target: http://copy.test
    nginx.ingress.kubernetes.io/auth-tls-secret: default/ca
spec:
  ingressClassName: nginx
  rules: [{ host: a.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: s, port: { number: 80 } } } }] } }]
`;
  const { stderr } = await converted(text);
  expect(stderr).toMatch(
    /a\.yaml:6 {2}warning {2}differs-after-conversion .*mirror-target.*: no request is copied/,
  );
});
