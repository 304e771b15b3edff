import { expect, test } from "vitest";
import { explainHit } from "../../src/cli/up/explain-hit.ts";
import { match } from "../../src/match/match.ts";
import type { RequestFacts } from "../../src/model/decision.ts";
import type { HitEvent } from "../../src/model/event.ts";
import { reason } from "../../src/model/reason.ts";
import { compileCase } from "../support/compiled-case.ts";

const PORTS = { http: 31000, https: 32000 };

function ingress(name: string, annotations: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { ${annotations} } }
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${name}, port: { number: 80 } } } }] }
`;
}

const { table } = compileCase(
  [
    {
      file: "a.yaml",
      text: [
        ingress("web", ""),
        ingress(
          "canary",
          'nginx.ingress.kubernetes.io/canary: "true", nginx.ingress.kubernetes.io/canary-by-header: X-Canary',
        ),
      ].join("---\n"),
    },
  ],
  { controller: "ingress-nginx", ingressClasses: ["nginx"], exact: false, echo: true },
);

/** The hit of a request with this X-Canary, and its explanation after the header is forgotten. */
function explained(canary: string | undefined, refused: Partial<HitEvent> = {}): string {
  const facts: RequestFacts = {
    ...{ scheme: "http", method: "GET", host: "a.test:31000", target: "/", ports: PORTS, exact: false },
    header: (name) => (name === "x-canary" ? canary : undefined),
    remoteAddress: "127.0.0.1",
    chance: 0.5,
    noEndpoints: () => undefined,
  };
  const decision = match(table, facts);
  if (decision.kind !== "forward") throw new Error(decision.kind);
  const { service, namespace } = decision.backend;
  const hit: HitEvent = {
    ...{ type: "hit", time: "2026-11-25T12:00:00.000Z", id: "1", method: "GET", scheme: "http" },
    ...{ host: "a.test:31000", path: "/", status: 200, durationMs: 1, bytes: 2, decision: "forward" },
    ...{ backend: { namespace, service, port: 80 }, why: decision.why, route: decision.route.id },
    upstream: `echo/${service}-0`,
    ...refused,
  };
  return explainHit(hit, table, PORTS, { exact: false, clientAddress: undefined }, () => undefined).join(
    "\n",
  );
}

test("a hit that a canary got is explained as one, though the header is gone", () => {
  const text = explained("always");
  expect(text).toContain("→ forward default/canary:80 /");
  expect(text).toContain("Canary          default/canary");
  expect(text).toContain(
    'the canary Ingress default/canary takes the request: canary-by-header: "X-Canary: always"',
  );
  expect(text).toContain("Rejected        default/web a.test / (Prefix): ");
  expect(text).not.toContain("does not take");
});

test("one that it did not get keeps the reason of the time", () => {
  const text = explained("never");
  expect(text).toContain("→ forward default/web:80 /");
  expect(text).toContain(
    'the canary Ingress default/canary does not take the request: canary-by-header: "X-Canary: never"',
  );
  expect(text).toContain("Rejected        default/canary a.test / (Prefix): ");
  expect(text).not.toContain("no header or cookie");
});

test("one that was refused is explained as answered here, with the reason first and once", () => {
  const first = "limit-rps: 127.0.0.1 has sent more";
  const rule = reason("rule", "path / (Prefix) of Ingress default/web, host a.test");
  const why = [reason("rate-limit", first), rule];
  const text = explained("never", { status: 503, decision: "respond", why, upstream: undefined });
  expect(text).toContain("→ respond 503\n");
  expect(text).toContain(`  Why             ${first}\n`);
  expect(text.split(first)).toHaveLength(2);
  expect(text).not.toContain("Headers set");
  const signin = { status: 302, decision: "redirect", location: "https://auth.test/", why } as const;
  expect(explained("never", { ...signin, upstream: undefined })).toContain(
    "→ redirect 302 https://auth.test/\n",
  );
});
