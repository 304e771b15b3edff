import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { compile } from "../../../src/compile/compile.ts";
import { cookieKey } from "../../../src/compile/shared/server-cookie.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { match } from "../../../src/match/match.ts";
import { fallbackFor } from "../../../src/step/action/fallback.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

/** `inner`: of a second TraefikService */
function decided(spec: string, { inner = "", cookie = "", chance = 0.5 } = {}) {
  const text = `apiVersion: traefik.io/v1alpha1
kind: TraefikService
metadata: { name: t }
spec: { ${spec} }
---
${inner === "" ? "" : `apiVersion: traefik.io/v1alpha1\nkind: TraefikService\nmetadata: { name: inner }\nspec: { ${inner} }\n---`}
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: r }
spec: { routes: [{ kind: Rule, match: "Host(\`a.test\`)", services: [{ name: t, kind: TraefikService }] }] }
`;
  const { snapshot } = snapshotOf(parseManifest(text, "a.yaml").resources);
  const { table } = compile(snapshot, { controller: "traefik", classless: "served" });
  const headers = [["Host", "a.test"] as const, ...(cookie === "" ? [] : [["Cookie", cookie] as const])];
  const sample = { scheme: "http", method: "GET", target: "/x?y", headers } as const;
  const around = { ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance };
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

const [INNER, A, B, C] = ["default-inner", "default-a-80", "default-b-80", "default-c-80"].map(cookieKey);

test.each<[string, string, readonly string[]]>([
  ["", "a", [`out=${INNER}`, `in=${A}`]],
  [`in=${B}`, "b", [`out=${INNER}`]],
  [`out=${INNER}`, "a", [`in=${A}`]],
  [`out=${INNER}; in=${B}`, "b", []],
  [`out=${C}; in=${B}`, "c", []],
  [`out=${C}; in=nobody`, "c", []],
])("clients with the cookies %j of weighted services inside each other stay at %s", (cookie, service, given) => {
  const kept = (name: string) => `sticky: { cookie: { name: ${name} } }`;
  const inner = `weighted: { ${kept("in")}, services: [{ ${MAIN} }, { name: b, port: 80 }] }`;
  const outer = `weighted: { ${kept("out")}, services: [{ name: inner, kind: TraefikService }, { name: c, port: 80 }] }`;
  const decision = decided(outer, { inner, cookie, chance: 0.9 });
  expect(decision).toMatchObject({ kind: "forward", backend: { service } });
  const choice = decision.kind === "forward" ? decision.choice : undefined;
  const sessions = choice?.kind === "server-cookie" ? choice.ofShare : [];
  expect((sessions ?? []).map((each) => `${each.cookie.name}=${each.key}`)).toEqual(given);
});
