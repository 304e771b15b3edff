import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { match } from "../../../src/match/match.ts";
import type { LimitGuard } from "../../../src/model/guard.ts";
import { parseManifest } from "../../support/parse-manifest.ts";
import { verdictsAt } from "../../support/verdicts-at.ts";

function guardOf(spec: string): LimitGuard {
  const text = `apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: { name: m }
spec: { rateLimit: { ${spec} } }
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: r }
spec: { routes: [{ kind: Rule, match: "Host(\`a.test\`)", services: [{ name: a, port: 80 }], middlewares: [{ name: m }] }] }
`;
  const { snapshot } = snapshotOf(parseManifest(text, "a.yaml").resources);
  const { table } = compile(snapshot, { controller: "traefik", classless: "served" });
  const sample = { scheme: "http", method: "GET", target: "/", headers: [["Host", "a.test"]] } as const;
  const around = { ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance: 0.5 };
  const facts = requestFacts(sample, table.plane, { ...around, noEndpoints: () => undefined });
  const guard = match(table, facts).guards?.find(({ kind }) => kind === "limits");
  if (guard?.kind !== "limits") throw new Error("there is no limit");
  return guard;
}

test.each<[string, readonly number[], readonly string[]]>([
  ["average: 1, period: 1m, burst: 2", [0, 0, 0, 30_000], ["passes", "passes", "60 1m0s", "30 30s"]],
  ["average: 1, period: 1m", [0, 59_000, 60_000], ["passes", "1 1s", "passes"]],
  ["average: 1, period: 1m", [0, 59_520], ["passes", "waits 480"]],
  ["average: 1, period: 2h", [0, 0], ["passes", "7200 2h0m0s"]],
  ["average: 2", [0, 200, 300, 900], ["passes", "1 300ms", "waits 200", "waits 100"]],
  ["average: 1000", [0, 0, 1], ["passes", "1 1ms", "passes"]],
])("%s, asked at %j", (spec, times, expected) => {
  expect(verdictsAt(guardOf(spec), times)).toEqual(expected);
});
