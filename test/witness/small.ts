import fc from "fast-check";

/** Small manifests over few hosts and paths, so that all their requests can be asked. */
const HOSTS = ["a.test", "b.test", "x.a.test", "*.a.test", "www.b.test", "alias.test", ""] as const;
/** Requests are asked for these. */
export const NAMES = [
  "a.test",
  "b.test",
  "x.a.test",
  "y.a.test",
  "z.y.a.test",
  "www.b.test",
  "alias.test",
  "stranger.test",
];
const PATHS = ["/", "/a", "/a/", "/a/b", "/a/b/a", "/b", "/ab", "/healthz"];

const path = fc.record({
  path: fc.constantFrom(...PATHS),
  pathType: fc.constantFrom("Prefix", "Prefix", "Exact"),
  service: fc.constantFrom("one", "two", "three"),
});

/** Annotations that keep paths literal, and nothing open that offline answers do not show. */
const SETTINGS: Record<string, readonly string[]> = {
  "ssl-redirect": ["false", "true"],
  "force-ssl-redirect": ["true"],
  "app-root": ["/a", "/b"],
  "permanent-redirect": ["https://away.test/x"],
  "allowlist-source-range": ["10.0.0.0/8", "10.1.0.0/16,192.0.2.0/24", "127.0.0.1"],
  "denylist-source-range": ["10.1.0.0/16", "127.0.0.0/8"],
  "from-to-www-redirect": ["true"],
  "server-alias": ["alias.test", "*.b.test"],
  "proxy-body-size": ["10", "100", "0"],
  "preserve-trailing-slash": ["true"],
  "upstream-vhost": ["inner.test", "$http_x_one"],
  "custom-http-errors": ["413", "403,404"],
  "default-backend": ["one"],
};
const CORS: Record<string, readonly string[]> = { "cors-allow-origin": ["*", "https://one.test"] };
const CANARY: Record<string, readonly string[]> = {
  "canary-weight": ["0", "30", "100"],
  "canary-by-header": ["X-One", "X-Two"],
  "canary-by-header-value": ["yes"],
  "canary-by-cookie": ["one", "two"],
};

function drawn(
  settings: Record<string, readonly string[]>,
  most: number,
): fc.Arbitrary<Record<string, string>> {
  const one = fc
    .constantFrom(...Object.keys(settings))
    .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(settings[name] ?? [""]))));
  return fc.array(one, { maxLength: most }).map((pairs) => Object.fromEntries(pairs));
}

const annotations = fc
  .tuple(
    drawn(SETTINGS, 2),
    fc.option(drawn(CORS, 1), { freq: 5 }),
    fc.option(drawn(CANARY, 3), { freq: 4 }),
    fc.boolean(),
  )
  .map(([settings, cors, canary, isPlain]) => ({
    ...(isPlain ? { "ssl-redirect": "false" } : {}),
    ...settings,
    ...(cors === null ? {} : { "enable-cors": "true", ...cors }),
    ...(canary === null ? {} : { canary: "true", ...canary }),
  }));

const ingress = fc.record({
  annotations,
  rules: fc.array(
    fc.record({ host: fc.constantFrom(...HOSTS), paths: fc.array(path, { minLength: 1, maxLength: 3 }) }),
    { maxLength: 2 },
  ),
  fallback: fc.option(fc.constantFrom("one", "two"), { freq: 4 }),
  tls: fc.boolean(),
});
type SmallIngress = typeof ingress extends fc.Arbitrary<infer T> ? T : never;

/** Two that differ, mostly in one Ingress. */
export const twoManifests: fc.Arbitrary<readonly [string, string]> = fc
  .tuple(
    fc.array(ingress, { minLength: 1, maxLength: 3 }),
    fc.array(ingress, { maxLength: 2 }),
    fc.nat({ max: 2 }),
  )
  .map(([first, others, kept]) => [manifestOf(first), manifestOf([...first.slice(0, kept), ...others])]);

function manifestOf(ingresses: readonly SmallIngress[]): string {
  return [...ingresses.map(documentOf), ...SERVICES]
    .map((document) => JSON.stringify(document))
    .join("\n---\n");
}

const SERVICES = ["one", "two", "three"].map((name) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
}));

function documentOf({ annotations, rules, fallback, tls }: SmallIngress, index: number) {
  const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
  const isEmpty = rules.length === 0;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name: `i${index}`,
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([name, value]) => [`nginx.ingress.kubernetes.io/${name}`, value]),
      ),
    },
    spec: {
      ingressClassName: "nginx",
      ...(fallback === null && !isEmpty ? {} : { defaultBackend: backend(fallback ?? "one") }),
      ...(tls ? { tls: [{ hosts: ["a.test", "*.b.test"], secretName: "tls" }] } : {}),
      rules: rules.map(({ host, paths }) => ({
        ...(host === "" ? {} : { host }),
        http: { paths: paths.map(({ service, ...rest }) => ({ ...rest, backend: backend(service) })) },
      })),
    },
  };
}
