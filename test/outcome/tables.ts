import type { Random } from "../fuzz/random.ts";
import { type CompiledCase, compileCase } from "../support/compiled-case.ts";

/** A random table, and parts for its requests. */
export interface RandomTable {
  readonly compiled: CompiledCase;
  /** JSON documents, for readers of a failure. */
  readonly manifest: string;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
}

const PATHS = ["/", "/", "/a", "/a/", "/a/b", "/api", "/api/v1", "/caf\u00e9", "/.well-known/acme-challenge"];
const EXPRESSIONS = ["/a(/|$)(.*)", "/api/v(\\d)/(.*)", "/(.*)", "/x|/y", "/b$", "/(a+)+c"];
const TYPES = ["Prefix", "Exact", "ImplementationSpecific"];
const HOSTS = ["one.test", "two.test", "www.two.test", "*.wild.test", "tls.test", ""];

type Values = Readonly<Record<string, readonly string[]>>;

/** Annotations that need no others. */
const ALONE: Values = {
  "app-root": ["/home", "$uri"],
  "permanent-redirect": ["https://moved.test/x", "/moved"],
  "permanent-redirect-code": ["307", "308", "299"],
  "temporal-redirect": ["http://later.test/$uri"],
  "ssl-redirect": ["false", "false", "true"],
  "force-ssl-redirect": ["true"],
  "preserve-trailing-slash": ["true"],
  "use-port-in-redirects": ["true"],
  "relative-redirects": ["true"],
  "from-to-www-redirect": ["true"],
  "proxy-body-size": ["10", "1k", "0"],
  "upstream-vhost": ["inner.test", "$host"],
  "custom-http-errors": ["404,503", "401,403,413", "503"],
  "default-backend": ["errors", "errors", "nowhere"],
  "server-alias": ["alias.test", "*.alias.test", "~^re\\d+\\.test$"],
  "rewrite-target": ["/", "/new", "/$2", "/$1/x", "http://away.test/$1", "$1"],
  "use-regex": ["true", "false"],
  "denylist-source-range": ["127.0.0.1", "10.0.0.0/8"],
  "allowlist-source-range": ["127.0.0.0/8", "10.0.0.0/8,192.168.0.1"],
  "limit-rpm": ["1", "3", "0"],
  "limit-burst-multiplier": ["1", "2"],
  "limit-connections": ["1"],
  "limit-allowlist": ["127.0.0.1", "10.0.0.0/8"],
  satisfy: ["any", "all"],
  "service-upstream": ["true"],
  "upstream-hash-by": ["$request_uri", "$nothing"],
  "load-balance": ["ewma"],
  "x-forwarded-prefix": ["/prefix"],
  "proxy-cookie-path": ["/ /x"],
  "proxy-redirect-from": ["http://a/"],
  "connection-proxy-header": ["close"],
  "enable-access-log": ["false"],
  "custom-headers": ["default/headers"],
  "proxy-next-upstream": ["http_503 error"],
};

/** Values that the controller or nginx refuses. */
const BAD: Values = {
  "app-root": ["no"],
  "permanent-redirect": ["ftp://moved.test"],
  "temporal-redirect": ["no"],
  "proxy-body-size": ["1x"],
  "custom-http-errors": ["x"],
  "denylist-source-range": ["x"],
  "allowlist-source-range": ["300.1.1.1"],
  "auth-type": ["ntlm"],
  "auth-secret": ["lacking"],
  "backend-protocol": ["nonsense"],
  "limit-burst-multiplier": ["0"],
  "custom-headers": ["default/none"],
  "canary-by-header-pattern": ["("],
  "auth-url": ["http://$host:1x/"],
  "no-such-annotation": ["x"],
};

const ERRORS: Values = {
  "custom-http-errors": ["401,403,404,413,503"],
  "default-backend": ["errors", "nowhere"],
};
const USERS: Values = { "auth-type": ["basic"], "auth-secret": ["users"], "auth-realm": ["staff"] };
const SERVICE: Values = { "auth-url": ["http://auth.default.svc.cluster.local/ok"] };

/** Annotations that only work together. */
const TOGETHER: readonly Values[] = [
  USERS,
  { "auth-type": ["digest"], "auth-secret": ["digests"], "auth-realm": ["staff"] },
  { ...USERS, satisfy: ["any"], "allowlist-source-range": ["10.0.0.0/8"] },
  { ...USERS, ...ERRORS },
  { ...USERS, ...SERVICE, "auth-signin": ["https://login.test/?to=$escaped_request_uri"] },
  { ...SERVICE, "auth-response-headers": ["X-User"] },
  { ...ERRORS, "allowlist-source-range": ["10.0.0.0/8"] },
  { ...ERRORS, "proxy-body-size": ["10"] },
  { "limit-rpm": ["1"], "limit-burst-multiplier": ["2"], "denylist-source-range": ["10.0.0.0/8"] },
  { "enable-cors": ["true"], "cors-allow-origin": ["https://one.test, https://*.two.test", "*", "x"] },
  { affinity: ["cookie"], "affinity-mode": ["persistent", "balanced"], "session-cookie-name": ["route"] },
  { "rewrite-target": ["/$2", "/$1"], "use-regex": ["true"] },
  { "app-root": ["/home"], "force-ssl-redirect": ["true"] },
  {
    "auth-tls-secret": ["default/ca", "default/ca", "default/lacking"],
    "auth-tls-verify-client": ["on", "optional", "off"],
  },
  { "auth-tls-secret": ["default/ca"], "auth-tls-error-page": ["/a", "https://login.test/"] },
];

const CANARY: Values = {
  canary: ["true"],
  "canary-weight": ["0", "30", "100"],
  "canary-by-header": ["X-Canary"],
  "canary-by-header-value": ["yes", "no"],
  "canary-by-header-pattern": ["^y.s$"],
  "canary-by-cookie": ["canary"],
};

/** Options of the ConfigMap. */
const OPTIONS: Values = {
  "use-forwarded-headers": ["true"],
  "proxy-real-ip-cidr": ["127.0.0.0/8", "10.0.0.0/8"],
  "compute-full-forwarded-for": ["true"],
  "http-redirect-code": ["301", "307"],
  "ssl-redirect": ["false"],
  "force-ssl-redirect": ["true"],
  hsts: ["false"],
  "no-tls-redirect-locations": ["/api"],
  "block-user-agents": ["evil,~*^bad"],
  "block-referers": ["~*spam"],
  "block-cidrs": ["10.0.0.0/8"],
  "custom-http-errors": ["404,503", "502"],
  "large-client-header-buffers": ["2 1k", "4 16k"],
  "enable-underscores-in-headers": ["true"],
  "ignore-invalid-headers": ["false"],
  "proxy-body-size": ["100"],
  "add-headers": ["default/headers"],
  "whitelist-source-range": ["10.0.0.0/8", "127.0.0.1"],
  "global-auth-url": ["http://auth.default.svc.cluster.local/ok"],
  "no-auth-locations": ["/api"],
  "limit-req-status-code": ["429"],
  "server-tokens": ["true"],
};

/**
 * Names include the table's number, because the proxy's counts and connections outlive a table. `authority`:
 * the Secret `default/ca`
 */
export function randomTable(random: Random, number: number, authority: string): RandomTable {
  const name = (base: string) => `${base}-${number}`;
  const ingresses = Array.from({ length: 1 + random.below(4) }, (_, index) =>
    ingress(random, name(`i${index}`), name),
  );
  const documents = [...ingresses.map(({ document }) => document), ...others(random, name)];
  const manifest = [...documents.map((document) => JSON.stringify(document)), authority].join("\n---\n");
  const exact = random.percent(25);
  const compiled = compileCase([{ file: "random.yaml", text: manifest }], {
    controller: random.percent(8) ? "kubernetes" : "ingress-nginx",
    ingressClasses: ["nginx"],
    exact,
    echo: random.percent(93),
    configMap: "ingress-nginx/controller",
    flags: random.percent(20) ? { defaultBackendService: `default/${name("fallback")}` } : undefined,
  });
  return {
    compiled,
    manifest: `${JSON.stringify(compiled.options)}\n${manifest}`,
    hosts: ingresses.flatMap(({ hosts }) => hosts),
    paths: ingresses.flatMap(({ paths }) => paths),
  };
}

function annotationsOf(random: Random, values: Values, share: number): Record<string, string> {
  const drawn = Object.entries(values)
    .filter(() => random.percent(share))
    .map(([name, of]) => [`nginx.ingress.kubernetes.io/${name}`, random.pick(of)] as const);
  return Object.fromEntries(drawn);
}

function ingress(random: Random, name: string, unique: (base: string) => string) {
  const isRegex = random.percent(25);
  const rules = Array.from({ length: random.below(4) }, () => ({
    host: random.pick(HOSTS),
    paths: Array.from({ length: 1 + random.below(3) }, () => ({
      path: random.pick(isRegex ? [...PATHS, ...EXPRESSIONS] : PATHS),
      pathType: isRegex ? "ImplementationSpecific" : random.pick(TYPES),
      service: unique(random.pick(["alpha", "beta", "gone"])),
    })),
  }));
  const annotations = {
    ...annotationsOf(random, ALONE, 5),
    ...(random.percent(70) ? annotationsOf(random, random.pick(TOGETHER), 97) : {}),
    ...(random.percent(8) ? annotationsOf(random, BAD, 10) : {}),
    ...(random.percent(20) ? annotationsOf(random, { canary: ["true"] }, 100) : {}),
    ...(random.percent(20) ? annotationsOf(random, CANARY, 50) : {}),
    ...(random.percent(50) ? { "nginx.ingress.kubernetes.io/ssl-redirect": "false" } : {}),
    ...(isRegex && random.percent(70) ? { "nginx.ingress.kubernetes.io/use-regex": "true" } : {}),
  };
  const backend = (service: string) => ({ service: { name: service, port: { number: 80 } } });
  const fallback = rules.length === 0 || random.percent(20);
  const document = {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, annotations: uniqueNames(annotations, unique) },
    spec: {
      ingressClassName: "nginx",
      ...(fallback ? { defaultBackend: backend(unique(random.pick(["alpha", "fallback"]))) } : {}),
      ...(random.percent(40) ? { tls: [{ hosts: ["tls.test", "one.test"], secretName: "tls" }] } : {}),
      rules: rules.map(({ host, paths }) => ({
        ...(host === "" ? {} : { host }),
        http: { paths: paths.map(({ service, ...path }) => ({ ...path, backend: backend(service) })) },
      })),
    },
  };
  return {
    document,
    hosts: rules.map(({ host }) => host),
    paths: rules.flatMap(({ paths }) => paths.map(({ path }) => path)),
  };
}

/** Services in annotations also have their table's number. */
function uniqueNames(annotations: Record<string, string>, unique: (base: string) => string) {
  const key = "nginx.ingress.kubernetes.io/default-backend";
  const service = annotations[key];
  return service === undefined ? annotations : { ...annotations, [key]: unique(service) };
}

/** `users` in every format that is quick to compare; a Service `gone` has no port 80. */
function others(random: Random, unique: (base: string) => string) {
  const object = (kind: string, name: string, rest: object, namespace = "default") => ({
    apiVersion: "v1",
    kind,
    metadata: { name, namespace },
    ...rest,
  });
  const service = (name: string, port: number) =>
    object("Service", unique(name), { spec: { selector: { app: name }, ports: [{ port }] } });
  const data = Object.fromEntries(
    Object.entries(OPTIONS)
      .filter(() => random.percent(8))
      .map(([name, of]) => [name, random.pick(of)]),
  );
  return [
    ...["alpha", "beta", "errors", "fallback"].map((name) => service(name, 80)),
    service("gone", 8080),
    object("Secret", "users", {
      stringData: { auth: "anna:{PLAIN}secret\nbob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n" },
    }),
    object("Secret", "digests", { stringData: { auth: "anna:staff:177c38de757b44735b5195eac9917bca\n" } }),
    object("ConfigMap", "headers", { data: { "X-Added": "yes" } }),
    object("ConfigMap", "controller", { data }, "ingress-nginx"),
  ];
}
