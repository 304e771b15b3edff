import { rawRequestFacts } from "../../../src/cli/predict/request-facts.ts";
import { compile } from "../../../src/compile/compile.ts";
import type { CompileOptions } from "../../../src/compile/options.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { outcome } from "../../../src/match/outcome.ts";
import type { Decision, RequestFacts } from "../../../src/model/decision.ts";
import type { ObjectStatus } from "../../../src/model/object-status.ts";
import type { Problem } from "../../../src/model/problem.ts";
import type { RouteTable } from "../../../src/model/route.ts";
import { hopOf } from "../../../src/request/hop.ts";
import { entryPointAt, planeFor } from "../../../src/select/table.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

/** A Gateway of two HTTP ports, and a Service `web`. */
export const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw }
spec:
  gatewayClassName: eg
  listeners:
    - { name: http, protocol: HTTP, port: 80 }
    - { name: other, protocol: HTTP, port: 8080 }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
`;

/** An HTTPRoute of the Gateway; `rule` is YAML in one line. */
export function route(rule: string, name = "r"): string {
  return `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name} }
spec: { parentRefs: [{ name: gw }], rules: [${rule}] }
`;
}

export const TO_WEB = "backendRefs: [{ name: web, port: 80 }]";

/** A policy of Envoy Gateway for the Gateway, or for a `target` beside it. */
export function policy(kind: string, spec: string, target = "kind: Gateway, name: gw"): string {
  return `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: ${kind}
metadata: { name: p }
spec: { targetRefs: [{ group: gateway.networking.k8s.io, ${target} }], ${spec} }
`;
}

interface Asked {
  /** default: 80 */
  readonly port?: number;
  readonly chance?: number;
  readonly noEndpoints?: readonly string[];
}

interface GatewayWorld {
  readonly table: RouteTable;
  readonly problems: readonly Problem[];
  readonly statuses: readonly ObjectStatus[];
  /** What becomes of a head as sent, without its empty line. */
  readonly ask: (head: string, asked?: Asked) => Decision;
  /** What its backend is told. */
  readonly told: (head: string, asked?: Asked) => ReadonlyMap<string, string>;
}

export function worldOf(manifests: readonly string[], options: Partial<CompileOptions> = {}): GatewayWorld {
  const { snapshot } = snapshotOf(parseManifest(manifests.join("\n---\n"), "a.yaml").resources);
  const { table, problems, statuses } = compile(snapshot, {
    controller: "gateway-api",
    classless: "ignored",
    completeness: "whole",
    ...options,
  });
  const factsOf = (head: string, { port = 80, chance = 0, noEndpoints = [] }: Asked): RequestFacts => {
    const entryPoint = entryPointAt(table, "http", port)?.name;
    const plane = planeFor(table, { scheme: "http", entryPoint, host: "" });
    const facts = rawRequestFacts(`${head}\r\n\r\n`, plane, {
      ...{ scheme: "http", ports: { http: 80, https: 443 }, exact: true },
      ...{ remoteAddress: "192.0.2.1", chance },
      noEndpoints: ({ service }) => (noEndpoints.includes(service) ? "it has none" : undefined),
    });
    return { ...facts, entryPoint };
  };
  const known = {
    endpoint: () => ({ kind: "none", why: "nobody is asked" }) as const,
    password: () => "later",
    digest: () => "later",
  } as const;
  const decided = (facts: RequestFacts) => {
    let forwarded: Decision | undefined;
    const { decision } = outcome(table, facts, {
      ...known,
      endpoint(forward: Decision) {
        forwarded = forward;
        return known.endpoint();
      },
    } as never);
    return forwarded ?? decision;
  };
  return {
    table,
    problems,
    statuses,
    ask: (head, asked = {}) => decided(factsOf(head, asked)),
    told(head, asked = {}) {
      const facts = factsOf(head, asked);
      const decision = decided(facts);
      if (decision.kind !== "forward" || facts.head === undefined) return new Map();
      const plane = planeFor(table, facts);
      const lines = plane.requestHeaders(facts.head, hopOf(facts, "id"), "", decision);
      return new Map(
        lines.flatMap((text, at) => (at % 2 === 0 ? [[text, lines[at + 1] ?? ""] as const] : [])),
      );
    },
  };
}
