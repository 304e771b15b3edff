import { describe, expect, test } from "vitest";
import { explainHit } from "../../src/cli/up/table/explain-hit.ts";
import { keepOutcomes } from "../../src/cli/up/table/kept-outcomes.ts";
import { match } from "../../src/match/match.ts";
import { afterGuards } from "../../src/match/outcome/settle.ts";
import { refused } from "../../src/match/outcome/verdict.ts";
import type { Decision, RequestFacts } from "../../src/model/decision.ts";
import type { HitEvent } from "../../src/model/event.ts";
import { reason, textsOf } from "../../src/model/reason.ts";
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

function factsWith(canary: string | undefined): RequestFacts {
  return {
    ...{ scheme: "http", method: "GET", host: "a.test:31000", target: "/", ports: PORTS, exact: false },
    header: (name) => (name === "x-canary" ? canary : undefined),
    remoteAddress: "127.0.0.1",
    chance: 0.5,
    noEndpoints: () => undefined,
  };
}

function hitOf({ why, route }: Decision, more: Partial<HitEvent> = {}): HitEvent {
  return {
    ...{ type: "hit", time: Date.UTC(2026, 10, 25, 12), id: "1", method: "GET", scheme: "http" },
    ...{ host: "a.test:31000", path: "/", status: 200, durationMs: 1, bytes: 2, decision: "forward" },
    ...{ backend: { namespace: "default", service: "web", port: 80 }, why, route: route?.id },
    upstream: "echo/web-0",
    ...more,
  };
}

/** The explanation of a request with this X-Canary, from what was kept of it. */
function explained(
  canary: string,
  change: (decision: Decision) => Decision = (decision) => decision,
): string {
  const facts = factsWith(canary);
  const decision = change(match(table, facts));
  return explainHit(hitOf(decision), { facts, decision, table, plane: table.plane }).join("\n");
}

test("a hit that a canary got is explained as one", () => {
  const text = explained("always");
  expect(text).toContain("→ forward default/canary:80 /");
  expect(text).toContain("Canary          default/canary");
  expect(text).toContain(
    'the canary Ingress default/canary takes the request: canary-by-header: "X-Canary: always"',
  );
  expect(text).toContain("Rejected        default/web a.test / (Prefix): ");
  expect(text).not.toContain("does not take");
});

test("one that it did not get says why", () => {
  const text = explained("never");
  expect(text).toContain("→ forward default/web:80 /");
  expect(text).toContain(
    'the canary Ingress default/canary does not take the request: canary-by-header: "X-Canary: never"',
  );
  expect(text).toContain("Rejected        default/canary a.test / (Prefix): ");
});

test("one that was refused is explained as answered here, with the reason first and once", () => {
  const first = "limit-rps: 127.0.0.1 has sent more";
  const text = explained("never", (decision) =>
    afterGuards(decision, refused(503, reason("rate-limit", first))),
  );
  expect(text).toContain("→ respond 503\n");
  expect(text).toContain(`  Why             ${first}\n`);
  expect(text.split(first)).toHaveLength(2);
  expect(text).not.toContain("Headers set");
  const signin = (decision: Decision) =>
    afterGuards(decision, { ...refused(302), location: "https://auth.test/" });
  expect(explained("never", signin)).toContain("→ redirect 302 https://auth.test/\n");
});

test("reasons that came up while it was carried out stand first", () => {
  const facts = factsWith("never");
  const decision = match(table, facts);
  const failed = reason("upstream-failed", "echo/web-0 could not be used");
  const hit = hitOf(decision, { status: 502, why: [failed, ...decision.why] });
  const [first, second] = explainHit(hit, { facts, decision, table, plane: table.plane });
  expect([first, second]).toEqual([failed.text, "GET http://a.test:31000/  → forward default/web:80 /"]);
});

describe("what is kept", () => {
  const facts = factsWith("never");
  const decision = match(table, facts);

  test("the latest outcomes only; of an older hit its own reasons are shown", () => {
    const kept = keepOutcomes(2, table, () => 1);
    const hits = [hitOf(decision), hitOf(decision), hitOf(decision)];
    for (const hit of hits) kept.keep(hit, facts, decision);
    expect(hits.map((hit) => kept.of(hit) !== undefined)).toEqual([false, true, true]);
    const [oldest = hitOf(decision)] = hits;
    expect(explainHit(oldest, kept.of(oldest))).toEqual(textsOf(decision.why));
  });

  test("a few tables only", () => {
    let now = 0;
    const kept = keepOutcomes(10, { ...table }, () => ++now);
    const hits = [1, 2, 3, 4].map(() => {
      kept.use({ ...table });
      const hit = hitOf(decision, { durationMs: 0 });
      kept.keep(hit, facts, decision);
      return hit;
    });
    expect(hits.map((hit) => kept.of(hit)?.table !== undefined)).toEqual([false, true, true, true]);
  });

  test("a request that a reload overtook belongs to the table it was matched against", () => {
    let now = 0;
    const [before, after] = [{ ...table }, { ...table }];
    const kept = keepOutcomes(10, before, () => now);
    now = 100;
    kept.use(after);
    now = 150;
    const [overtaken, quick] = [hitOf(decision, { durationMs: 60 }), hitOf(decision, { durationMs: 40 })];
    for (const hit of [overtaken, quick]) kept.keep(hit, facts, decision);
    expect([kept.of(overtaken)?.table, kept.of(quick)?.table]).toEqual([before, after]);
    expect(kept.of(overtaken)?.table).toBe(before);
    expect(kept.of(quick)?.table).toBe(after);
  });
});
