import { expect, test } from "vitest";
import { judgeReply } from "../../src/match/outcome/external.ts";
import type { HeaderLine } from "../../src/model/decision.ts";
import type { ExternalAuthGuard } from "../../src/model/guard.ts";
import { reason } from "../../src/model/reason.ts";

const address = "http://auth.test:8080/check";
const literal = { source: address, parts: [address] };
const guard: ExternalAuthGuard = {
  kind: "external-auth",
  settings: {
    ...{ named: "Middleware default/auth", url: literal, host: literal, responseHeaders: [], setHeaders: [] },
    ...{ cookie: "always", asker: "auth_request" },
  },
  target: { kind: "none", why: "nobody is asked" },
  ...{ method: "GET", path: "/check", headers: [], why: reason("external-auth", "it is asked") },
  forward: {
    requestHeaders: [],
    responseHeaders: ["X-User", "X-Absent"],
    cookies: [],
    location: "made absolute",
  },
};

test.each<readonly [number, readonly HeaderLine[], object]>([
  [
    200,
    [["X-User", "ann"]],
    {
      kind: "passed",
      requestHeaders: [
        ["X-User", "ann"],
        ["X-Absent", ""],
      ],
    },
  ],
  [302, [["Location", "/login"]], { kind: "refused", status: 302, location: "http://auth.test:8080/login" }],
  [302, [["Location", "https://sso.test/"]], { kind: "refused", status: 302, location: "https://sso.test/" }],
  [404, [["X-Mine", "1"]], { kind: "refused", status: 404, headers: [["X-Mine", "1"]] }],
])("an authentication service that answers %i %j", (status, headers, verdict) =>
  expect(judgeReply(guard, { status, headers }).verdict).toMatchObject(verdict));

test("an answer that lets nobody in reaches the client with its body and type", () => {
  const body = Buffer.from("not you");
  const reply = { status: 403, headers: [["Content-Type", "text/x"]] as const, body };
  expect(judgeReply(guard, reply).verdict).toMatchObject({ kind: "refused", ...reply });
});
