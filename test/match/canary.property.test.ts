import fc from "fast-check";
import { expect, test } from "vitest";
import { match } from "../../src/match/match.ts";
import type { RequestFacts } from "../../src/model/decision.ts";
import { compileCase } from "../support/compiled-case.ts";

/** An Ingress with one rule, a default backend, or both. */
interface Written {
  readonly canary: boolean;
  readonly rule?: {
    readonly host: string;
    readonly path: string;
    readonly pathType: string;
    readonly service: string;
  };
  readonly fallback?: string;
}

const HOSTS = ["a.test", "b.test"];
const PATHS = ["/", "/p"];

const rule = fc.record({
  host: fc.constantFrom(...HOSTS),
  path: fc.constantFrom(...PATHS),
  pathType: fc.constantFrom("Prefix", "Exact"),
  service: fc.constantFrom("s1", "s2", "s3", "s4"),
});
const ingresses: fc.Arbitrary<readonly Written[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ canary: fc.boolean(), rule }) },
    { weight: 1, arbitrary: fc.record({ canary: fc.boolean(), fallback: fc.constantFrom("s1", "s5") }) },
    {
      weight: 1,
      arbitrary: fc.record({ canary: fc.boolean(), rule, fallback: fc.constantFrom("s1", "s5") }),
    },
  ),
  { minLength: 1, maxLength: 7 },
);

function manifest({ canary, rule, fallback }: Written, index: number): string {
  const rules =
    rule === undefined
      ? ""
      : `  rules: [{ host: ${rule.host}, http: { paths: [{ path: ${rule.path}, pathType: ${rule.pathType}, backend: { service: { name: ${rule.service}, port: { number: 80 } } } }] } }]\n`;
  const backend =
    fallback === undefined
      ? ""
      : `  defaultBackend: { service: { name: ${fallback}, port: { number: 80 } } }\n`;
  const annotations = canary
    ? 'nginx.ingress.kubernetes.io/canary: "true", nginx.ingress.kubernetes.io/canary-by-header: x-canary'
    : "";
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: i${index}, annotations: { ${annotations} } }
spec:
  ingressClassName: nginx
${rules}${backend}`;
}

interface Upstream {
  readonly name: string;
  readonly noServer: boolean;
  readonly alternatives: string[];
}

interface Place {
  readonly path: string;
  readonly pathType: string;
  backend: string;
  isDefault: boolean;
}

const DEFAULT = "upstream-default-backend";

/**
 * controller.go's createUpstreams, createServers, getBackendServers and mergeAlternativeBackends, step by
 * step.
 */
function controller(written: readonly Written[]): (host: string, path: string) => string {
  const upstreams = new Map<string, Upstream>([
    [DEFAULT, { name: DEFAULT, noServer: false, alternatives: [] }],
  ]);
  for (const { canary, rule, fallback } of written) {
    if (fallback !== undefined)
      upstreams.set(fallback, { name: fallback, noServer: canary, alternatives: [] });
    if (rule !== undefined && !upstreams.has(rule.service))
      upstreams.set(rule.service, { name: rule.service, noServer: canary, alternatives: [] });
  }
  const servers = new Map<string, Place[]>([["_", [place("/", "Prefix", DEFAULT, true)]]]);
  for (const { canary, rule, fallback } of written) {
    if (canary) continue;
    const first = servers.get("_")?.[0];
    if (fallback !== undefined && rule === undefined && first?.isDefault === true)
      Object.assign(first, { backend: fallback, isDefault: false });
    if (rule !== undefined && !servers.has(rule.host))
      servers.set(rule.host, [place("/", "Prefix", fallback ?? DEFAULT, true)]);
  }
  for (const { rule } of written) {
    if (rule === undefined || upstreams.get(rule.service)?.noServer === true) continue;
    const places = servers.get(rule.host) ?? servers.get("_") ?? [];
    const taken = places.find((one) => one.path === rule.path && one.pathType === rule.pathType);
    if (taken === undefined) places.push(place(rule.path, rule.pathType, rule.service, false));
    else if (taken.isDefault) Object.assign(taken, { backend: rule.service, isDefault: false });
  }
  if (written.some(({ canary }) => !canary))
    for (const one of written) if (one.canary) merge(one, servers, upstreams);
  return (host, path) => {
    const places = servers.get(host) ?? servers.get("_") ?? [];
    const exact = places.find((one) => one.pathType === "Exact" && one.path === path);
    const prefix = places.filter((one) => one.pathType === "Prefix" && covers(one.path, path));
    const found = exact ?? prefix.sort((a, b) => b.path.length - a.path.length)[0];
    if (found === undefined || found.backend === DEFAULT) return "404";
    const upstream = upstreams.get(found.backend);
    if (upstream === undefined) return "503";
    const [alternative = ""] = upstream.alternatives;
    // Without a traffic shaping policy of its own it takes no traffic.
    return upstreams.get(alternative)?.noServer === true ? alternative : upstream.name;
  };
}

function place(path: string, pathType: string, backend: string, isDefault: boolean): Place {
  return { path, pathType, backend, isDefault };
}

function covers(prefix: string, path: string): boolean {
  return prefix === "/" || path === prefix || path.startsWith(`${prefix}/`);
}

function merge(
  { rule, fallback }: Written,
  servers: ReadonlyMap<string, readonly Place[]>,
  upstreams: Map<string, Upstream>,
): void {
  if (fallback !== undefined) mergeOne(fallback, servers.get("_") ?? [], () => true, upstreams);
  const places = rule === undefined ? undefined : servers.get(rule.host);
  if (rule === undefined || places === undefined) return;
  mergeOne(
    rule.service,
    places,
    (one) => one.path === rule.path && one.pathType === rule.pathType,
    upstreams,
  );
}

function mergeOne(
  name: string,
  places: readonly Place[],
  fits: (one: Place) => boolean,
  upstreams: Map<string, Upstream>,
): void {
  const alternative = upstreams.get(name);
  if (alternative === undefined) return;
  let merged = false;
  let equal = false;
  for (const one of places) {
    const primary = upstreams.get(one.backend);
    if (primary === undefined) continue;
    equal = primary.name === alternative.name;
    if (equal) break;
    if (primary.name === DEFAULT || primary.noServer || !fits(one)) continue;
    merged = true;
    if (!primary.alternatives.includes(name)) primary.alternatives.push(name);
  }
  if (!equal && !merged) upstreams.delete(name);
}

function asked(host: string, target: string): RequestFacts {
  return {
    ...{ scheme: "http", method: "GET", host, target, ports: { http: 80, https: 443 }, exact: true },
    header: (name) => (name === "x-canary" ? "always" : undefined),
    remoteAddress: "127.0.0.1",
    chance: 0.5,
    noEndpoints: (backend) => backend.balancing?.removed,
  };
}

test("whichever Ingresses there are, canaries go where the controller's own steps lead", () => {
  fc.assert(
    fc.property(ingresses, (written) => {
      const text = written.map(manifest).join("---\n");
      const { table } = compileCase([{ file: "a.yaml", text }], {
        ...{ controller: "ingress-nginx", ingressClasses: ["nginx"], exact: true, echo: true },
      });
      const answer = controller(written);
      for (const host of [...HOSTS, "nobody.test"])
        for (const path of [...PATHS, "/p/q", "/else"]) {
          const decision = match(table, asked(host, path));
          const found =
            decision.kind === "forward"
              ? decision.backend.service
              : decision.kind === "respond"
                ? String(decision.status)
                : decision.kind;
          expect(found, `${host}${path}\n${text}`).toBe(answer(host, path));
        }
    }),
    { numRuns: 500 },
  );
});
