import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { match } from "../../../src/match/match.ts";
import { createTurns } from "../../../src/proxy/decide/turns.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

const ingress = (name: string, annotations: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { ${annotations} } }
spec:
  ingressClassName: nginx
  rules: [{ host: a.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${name}, port: { number: 80 } } } }] } }]
`;

test.each([
  [50, "main canary main canary main canary"],
  [25, "main main canary main main main"],
  [100, "canary canary canary canary canary canary"],
])("a canary of weight %d gets its turns: %s", (weight, services) => {
  const canary = `nginx.ingress.kubernetes.io/canary: "true", nginx.ingress.kubernetes.io/canary-weight: "${weight}"`;
  const text = [ingress("main", ""), ingress("canary", canary)].join("---\n");
  const { snapshot } = snapshotOf(parseManifest(text, "a.yaml").resources);
  const { table } = compile(snapshot, { controller: "traefik-nginx", classless: "served" });
  const sample = { scheme: "http", method: "GET", target: "/", headers: [["Host", "a.test"]] } as const;
  const facts = requestFacts(sample, table.plane, {
    ...{ ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance: 0.999 },
    noEndpoints: () => undefined,
  });
  const nextShare = createTurns();
  const asked = Array.from({ length: 6 }, () => {
    const decision = match(table, { ...facts, nextShare });
    return decision.kind === "forward" ? decision.backend.service : decision.status;
  });
  expect(asked.join(" ")).toBe(services);
});
