import { expect, onTestFinished, test } from "vitest";
import { type Known, outcome as outcomeOf } from "../../src/match/outcome.ts";
import type { RequestFacts } from "../../src/model/decision.ts";
import { compileCase } from "../support/compiled-case.ts";

const PASSWORD = { "auth-type": "basic", "auth-secret": "users" };
const ASKED = { "auth-url": "http://auth.default.svc.cluster.local/" };
const ELSEWHERE = { "allowlist-source-range": "10.0.0.0/8" };

type Outcome = "open" | "asked" | 401 | 403 | 404 | 503;

/**
 * Outcomes of empty annotations: `""` and blanks. Validators never see `""` but do see blanks; a value that
 * is empty after trimming is an error that each parser treats differently (annotations/parser/main.go,
 * parseString; annotations/*\/main.go).
 */
const ANNOTATIONS: readonly (readonly [
  name: string,
  beside: Readonly<Record<string, string>>,
  empty: Outcome,
  blank: Outcome,
])[] = [
  ["auth-type", { "auth-secret": "users" }, "open", 404],
  ["auth-secret", { "auth-type": "basic" }, 503, 503],
  ["auth-realm", PASSWORD, 401, 401],
  ["auth-secret-type", PASSWORD, 401, 404],
  ["auth-url", {}, "open", "open"],
  ["auth-url", PASSWORD, 401, 401],
  ["auth-method", ASKED, "asked", 503],
  ["auth-signin", ASKED, "asked", "asked"],
  ["auth-signin-redirect-param", ASKED, "asked", "asked"],
  ["auth-request-redirect", ASKED, "asked", "asked"],
  ["auth-response-headers", ASKED, "asked", "asked"],
  ["auth-proxy-set-headers", ASKED, "asked", "asked"],
  ["auth-cache-key", ASKED, "asked", "asked"],
  ["auth-cache-duration", ASKED, "asked", "asked"],
  // Its parser gives up the whole group, so the controller asks nobody: authreq/main.go, "is invalid".
  ["auth-always-set-cookie", ASKED, "asked", "open"],
  ["auth-keepalive", ASKED, "asked", "asked"],
  ["enable-global-auth", ASKED, "asked", "asked"],
  ["allowlist-source-range", {}, 503, 503],
  ["whitelist-source-range", {}, 503, 503],
  ["allowlist-source-range", { "whitelist-source-range": "10.0.0.0/8" }, 403, 503],
  ["whitelist-source-range", ELSEWHERE, 403, 403],
  ["denylist-source-range", {}, 503, 503],
  ["denylist-source-range", ELSEWHERE, 503, 503],
  ["limit-rps", {}, "open", 404],
  ["limit-rpm", {}, "open", 404],
  ["limit-connections", {}, "open", 404],
  ["limit-rps", { "limit-rpm": "5" }, "asked", 404],
  ["limit-burst-multiplier", { "limit-rps": "5" }, "asked", "asked"],
  ["limit-allowlist", { "limit-rps": "5" }, "asked", 404],
  ["limit-whitelist", { "limit-rps": "5" }, "asked", 404],
  ["satisfy", { ...PASSWORD, ...ELSEWHERE }, 403, 403],
  ["auth-tls-secret", {}, "open", "open"],
  ["enable-cors", PASSWORD, 401, 401],
  ["cors-allow-origin", { ...PASSWORD, "enable-cors": "true" }, 401, 401],
];

const FACTS: RequestFacts = {
  scheme: "http",
  method: "GET",
  host: "a.test",
  target: "/",
  ports: { http: 80, https: 443 },
  exact: true,
  header: () => undefined,
  remoteAddress: "127.0.0.1",
  chance: 0,
  noEndpoints: () => undefined,
};

const NOBODY_KNOWN: Known = {
  endpoint: () => ({
    kind: "upstream",
    upstream: { name: "web", protocol: "http", connection: { kind: "tcp", host: "", port: 0 }, basePath: "" },
  }),
  password: () => false,
  digest: { response: () => "", issue: () => "", use: () => "stale" },
};

function outcome(annotations: Readonly<Record<string, string>>, option?: string): Outcome {
  const lines = Object.entries(annotations).map(
    ([name, value]) => `    nginx.ingress.kubernetes.io/${name}: ${JSON.stringify(value)}\n`,
  );
  const text = `
apiVersion: v1
kind: Secret
metadata: { name: users }
stringData: { auth: "anna:{PLAIN}secret" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data: { ${option ?? ""} }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
${lines.join("")}spec:
  ingressClassName: nginx
  rules: [{ host: a.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;
  const { table, close } = compileCase([{ file: "web.yaml", text }], {
    controller: "ingress-nginx",
    ingressClasses: ["nginx"],
    exact: true,
    echo: false,
  });
  onTestFinished(close);
  const { decision, asked } = outcomeOf(table, FACTS, NOBODY_KNOWN);
  if (decision.kind === "respond") return decision.status as Outcome;
  return asked.length === 0 ? "open" : "asked";
}

test.each(ANNOTATIONS)("%s beside %j: empty %s, blank %s", (name, beside, empty, blank) => {
  expect(outcome({ ...beside, [name]: "" })).toBe(empty);
  for (const value of [" ", "   "]) expect(outcome({ ...beside, [name]: value }), value).toBe(blank);
});

test("an empty list does not open what the ConfigMap closes, and takes its place no more than a bad one", () => {
  const option = 'whitelist-source-range: "10.0.0.0/8"';
  expect(outcome({}, option)).toBe(403);
  for (const value of ["", " ", ",", "10.0.0.0/8,"])
    expect(outcome({ "allowlist-source-range": value }, option), value).toBe(503);
});
