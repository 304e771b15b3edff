import { expect, test } from "vitest";
import { judgeReply, notAsked, unaskable } from "../../src/match/outcome/external.ts";
import type { ExternalAuthGuard } from "../../src/model/guard.ts";
import { reason } from "../../src/model/reason.ts";

const literal = (source: string) => ({ source, parts: [source] });

function guard(failure?: "open"): ExternalAuthGuard {
  return {
    kind: "external-auth",
    settings: {
      ...{ named: "auth", url: literal("http://auth"), host: literal("a.test") },
      ...{ responseHeaders: [], setHeaders: [], cookie: "below-400", asker: "ext_authz", failure },
    },
    target: {
      kind: "service",
      backend: { namespace: "default", service: "auth", port: { number: 80 } },
      scheme: "http",
    },
    ...{ method: "GET", path: "/", headers: [], why: reason("external-auth", "auth") },
  };
}

const unasked = (failure?: "open") =>
  unaskable(guard(failure), { header: () => undefined, noEndpoints: () => "no pods" });
const answered = (status: number, failure?: "open") =>
  judgeReply(guard(failure), { status, headers: [] }).verdict;

test.each([
  ["has no pods", unasked(), 403],
  ["has no pods, and fails open", unasked("open"), "passed"],
  ["cannot be reached", notAsked(guard(), "refused", undefined), 403],
  ["cannot be reached, and fails open", notAsked(guard("open"), "refused", undefined), "passed"],
  ["answers 503", answered(503), 403],
  ["answers 503, and fails open", answered(503, "open"), "passed"],
  ["answers 429", answered(429), 429],
  ["answers 200", answered(200), "passed"],
] as const)("a service of Envoy's ext_authz that %s", (_, verdict, wanted) => {
  expect(verdict?.kind === "refused" ? verdict.status : verdict?.kind).toBe(wanted);
  if (wanted === 403) expect(verdict).toMatchObject({ text: "" });
});
