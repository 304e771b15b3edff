import { ROWS } from "../../compile/annotation-values.ts";
import { type Random, randomOf } from "../../fuzz/random.ts";
import { companionsOf, USUAL_VALUES } from "./usual-values.ts";

const PREFIX = "nginx.ingress.kubernetes.io/";
const NAMES = ROWS.map(({ name }) => name);
/** Those that change most, and meet each other most. */
const OFTEN = [
  ...["rewrite-target", "use-regex", "ssl-redirect", "force-ssl-redirect", "auth-url", "auth-type"],
  ...["enable-cors", "proxy-body-size", "app-root", "server-alias", "from-to-www-redirect", "limit-rps"],
  ...["permanent-redirect", "allowlist-source-range", "denylist-source-range", "backend-protocol"],
  ...["affinity", "custom-headers", "mirror-target", "ssl-passthrough", "auth-tls-secret", "satisfy"],
];
const PATHS = ["/", "/api", "/api/", "/api/v1", "/shop", "/a b", "/x.y", "/Api"];
const EXPRESSIONS = ["/api(/|$)(.*)", "/(.*)", "/shop/(.*)", "/x/?(.*)", "/a[0-9]+", "/api$"];
const TYPES = ["Prefix", "Prefix", "Exact", "ImplementationSpecific"];
const HOSTS = ["a.test", "a.test", "a.test", "b.test", "www.a.test", "*.w.test", ""];

/** Up to three Ingresses of ingress-nginx that share hosts, and what they name, as documents. */
export function randomManifest(seed: number): readonly string[] {
  const random = randomOf(seed);
  const ingresses = Array.from({ length: 1 + random.below(3) }, (_, at) => anyIngress(random, at));
  const services = ["s", "t", "u"].map((name) =>
    object("v1", "Service", name, {
      spec: {
        ports: [
          { name: "http", port: 80 },
          { name: "other", port: 8080 },
        ],
      },
    }),
  );
  const users = object("v1", "Secret", "users", {
    stringData: { auth: "joe:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n" },
  });
  const headers = object("v1", "ConfigMap", "headers", {
    data: { "X-Frame-Options": "DENY", "X-Part": "50%" },
  });
  const more = [users, headers].filter(() => random.percent(60));
  return [...ingresses, ...services, ...more].map((each) => JSON.stringify(each));
}

function object(apiVersion: string, kind: string, name: string, more: object): object {
  return { apiVersion, kind, metadata: { name }, ...more };
}

function anyIngress(random: Random, at: number): object {
  const annotations = anyAnnotations(random, at);
  const isRegex = PREFIX.concat("rewrite-target") in annotations || PREFIX.concat("use-regex") in annotations;
  const host = random.pick(HOSTS);
  const paths = Array.from({ length: 1 + random.below(3) }, () => anyPath(random, isRegex));
  const spec = {
    ingressClassName: "nginx",
    rules: [{ host: host === "" ? undefined : host, http: { paths } }],
    tls: host !== "" && random.percent(50) ? [{ hosts: [host], secretName: "cert" }] : undefined,
    defaultBackend: random.percent(10) ? { service: { name: "t", port: { number: 80 } } } : undefined,
  };
  const namespace = random.percent(8) ? "other" : undefined;
  const metadata = { name: `web-${at}`, namespace, annotations };
  return { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata, spec };
}

function anyPath(random: Random, isRegex: boolean): object {
  const path = random.pick(isRegex && random.percent(60) ? EXPRESSIONS : PATHS);
  const pathType = /[()[\]$]/.test(path) ? "ImplementationSpecific" : random.pick(TYPES);
  const port = random.percent(85) ? { number: random.pick([80, 80, 8080]) } : { name: "http" };
  return { path, pathType, backend: { service: { name: random.pick(["s", "t", "u"]), port } } };
}

function anyAnnotations(random: Random, at: number): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let left = random.below(5); left > 0; left--) {
    const name = random.percent(45) ? random.pick(OFTEN) : random.pick(NAMES);
    for (const [other, value] of Object.entries(companionsOf(name))) found[PREFIX + other] ??= value;
    found[PREFIX + name] = anyValue(random, name);
  }
  if (at > 0 && random.percent(20)) {
    found[`${PREFIX}canary`] = "true";
    found[`${PREFIX}canary-weight`] = random.pick(["10", "0", "100"]);
  }
  return found;
}

/** Mostly one that does something, sometimes another that is taken, or a bad one. */
function anyValue(random: Random, name: string): string {
  const { good = [], bad = [] } = ROWS.find((row) => row.name === name) ?? {};
  const usual = USUAL_VALUES[name];
  const chance = random.below(100);
  if (usual !== undefined && chance < 70) return usual;
  if (good.length > 0 && (chance < 92 || bad.length === 0)) return random.pick(good);
  return bad.length > 0 ? random.pick(bad) : (usual ?? "true");
}
