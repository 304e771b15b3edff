import { expect, test } from "vitest";
import { requestFacts } from "../../src/cli/predict/request-facts.ts";
import { compile } from "../../src/compile/compile.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { match } from "../../src/match/match.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const HEADER = "{ headerHashOptions: { headerName: X-User } }";
const TERMINAL = "{ headerHashOptions: { headerName: X-User }, terminal: true }";
const QUERY = "{ queryParameterHashOptions: { parameterName: User } }";
const SOURCE = "{ hashSourceIP: true }";

/** What requests of a route with these policies are hashed by. */
function keyOf(policies: string, target: string, headers: readonly (readonly [string, string])[]) {
  const text = `apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: { name: app }
spec:
  virtualhost: { fqdn: app.test }
  routes:
    - services: [{ name: web, port: 80 }]
      loadBalancerPolicy: { strategy: RequestHash, requestHashPolicies: [${policies}] }
`;
  const { snapshot } = snapshotOf(parseManifest(text, "test.yaml").resources);
  const { table } = compile(snapshot, { controller: "contour", classless: "served" });
  const sample = {
    scheme: "http",
    method: "GET",
    target,
    headers: [["Host", "app.test"], ...headers],
  } as const;
  const facts = requestFacts(sample, table.plane, {
    ports: { http: 80, https: 443 },
    exact: true,
    remoteAddress: "192.0.2.1",
    chance: 0.5,
    noEndpoints: () => undefined,
  });
  const decision = match(table, facts);
  if (decision.kind !== "forward") throw new Error(`it is no forward: ${decision.kind}`);
  return decision.choice;
}

const by = (...values: readonly string[]) => ({ kind: "hash", key: JSON.stringify(values) });

test.each([
  [HEADER, "/", [["x-user", "1"]], by("1")],
  [HEADER, "/", [], undefined],
  [QUERY, "/?a=b&USER=x%20y", [], by("x%20y")],
  [QUERY, "/?users=1", [], undefined],
  [SOURCE, "/", [], by("192.0.2.1")],
  [`${HEADER}, ${SOURCE}`, "/", [["x-user", "1"]], by("1", "192.0.2.1")],
  [`${HEADER}, ${SOURCE}`, "/", [], by("192.0.2.1")],
  [`${TERMINAL}, ${SOURCE}`, "/", [["x-user", "1"]], by("1")],
  [`${TERMINAL}, ${SOURCE}`, "/", [], by("192.0.2.1")],
] as const)("%s: GET %s with %j is hashed by %j", (policies, target, headers, choice) => {
  expect(keyOf(policies, target, headers)).toEqual(choice);
});
