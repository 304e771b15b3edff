import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { match } from "../../../src/match/match.ts";
import { fallbackFor } from "../../../src/step/action/fallback.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

function decided(spec: string) {
  const text = `apiVersion: traefik.io/v1alpha1
kind: TraefikService
metadata: { name: t }
spec: { ${spec} }
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: r }
spec: { routes: [{ kind: Rule, match: "Host(\`a.test\`)", services: [{ name: t, kind: TraefikService }] }] }
`;
  const { snapshot } = snapshotOf(parseManifest(text, "a.yaml").resources);
  const { table } = compile(snapshot, { controller: "traefik", classless: "served" });
  const sample = { scheme: "http", method: "GET", target: "/x?y", headers: [["Host", "a.test"]] } as const;
  const around = { ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance: 0.5 };
  return match(table, requestFacts(sample, table.plane, { ...around, noEndpoints: () => undefined }));
}

const MAIN = "name: a, port: 80";

test.each([
  ["a share of the requests", "percent: 60", "", [{ path: "/x?y", body: "sent" }]],
  ["copies without body", "percent: 100", "mirrorBody: false, ", [{ path: "/x?y", body: "left-out" }]],
  ["none above the share", "percent: 40", "", undefined],
])("mirroring sends %s", (_, percent, body, mirrors) => {
  const decision = decided(`mirroring: { ${body}${MAIN}, mirrors: [{ name: b, port: 80, ${percent} }] }`);
  expect(decision).toMatchObject({ kind: "forward", backend: { service: "a" } });
  expect(decision.kind === "forward" && decision.mirrors).toEqual(
    mirrors?.map((each) => expect.objectContaining({ ...each, host: "a.test" })),
  );
});

test.each([
  [503, "b"],
  [404, undefined],
])("a status of %d is answered by the fallback %s", (status, service) => {
  const statuses = 'errors: { status: ["500-599"] }';
  const decision = decided(
    `failover: { service: { ${MAIN} }, fallback: { name: b, port: 80 }, ${statuses} }`,
  );
  expect(decision).toMatchObject({ kind: "forward", backend: { service: "a" } });
  const instead = fallbackFor(decision, status);
  expect(instead?.backend.service).toBe(service);
  expect(instead && fallbackFor(instead, status), "it has no fallback itself").toBeUndefined();
});
