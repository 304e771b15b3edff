import { expect, test } from "vitest";
import { judgeLimits } from "../../../src/match/outcome/limits.ts";
import { clientCounts } from "../../support/client-counts.ts";
import { GATEWAY, policy, route, TO_WEB, worldOf } from "./gateway-world.ts";

const limit = (rules: string) =>
  policy("BackendTrafficPolicy", `rateLimit: { type: Local, local: { rules: [${rules}] } }`);

/** What is left after each request, `over` for one that is refused; `-` where nothing is counted. */
function asked(rules: string, requests: readonly string[], ...more: readonly string[]): readonly string[] {
  const { ask } = worldOf([GATEWAY, route(`{ ${TO_WEB} }`), limit(rules), ...more]);
  const counts = clientCounts();
  return requests.map((line) => {
    const { guards = [] } = ask(`GET / HTTP/1.1\r\nHost: a.test${line === "" ? "" : `\r\n${line}`}`);
    const [guard] = guards;
    if (guard?.kind !== "limits") return "-";
    const verdict = judgeLimits(guard, "192.0.2.1", counts);
    const lines =
      verdict.kind === "refused" ? verdict.headers : verdict.kind === "passed" ? verdict.responseHeaders : [];
    const left = lines?.map(([, value]) => value).join(" ") ?? "";
    return verdict.kind === "refused" ? `over ${left} ${verdict.text}` : left;
  });
}

test("all clients share a bucket, and answers say what is left", () =>
  expect(asked("{ limit: { requests: 2, unit: Minute } }", ["", "", ""])).toEqual([
    "2 1 0",
    "2 0 30",
    "over 2 0 30 local_rate_limited",
  ]));

test("a header's values are told apart, and what no rule is for is counted otherwise", () => {
  const rules =
    "{ clientSelectors: [{ headers: [{ name: X-U, type: Distinct }] }], limit: { requests: 1, unit: Hour } }, { limit: { requests: 9, unit: Hour } }";
  const seen = asked(rules, ["x-u: a", "x-u: b", "x-u: a", ""]);
  expect(seen.map((each) => each.split(" ").slice(0, 3).join(" "))).toEqual([
    "1 0 3600",
    "1 0 3600",
    "over 1 0",
    "9 8 0",
  ]);
});

test("a rule counts only what its selectors are for", () =>
  expect(
    asked(
      "{ clientSelectors: [{ headers: [{ name: X-U, value: a }] }], limit: { requests: 1, unit: Hour } }",
      ["x-u: b", "x-u: a"],
    ),
  ).toEqual(["-", "1 0 3600"]));

test("disableRateLimitHeaders says nothing", () => {
  const silent = policy("ClientTrafficPolicy", "headers: { disableRateLimitHeaders: true }");
  expect(asked("{ limit: { requests: 1, unit: Hour } }", ["", ""], silent)).toEqual([
    "",
    "over  local_rate_limited",
  ]);
});

test("a rule that cannot be served has none", () => {
  const broken = route(
    `{ filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { remove: [host] } }], ${TO_WEB} }`,
  );
  const { ask } = worldOf([GATEWAY, broken, limit("{ limit: { requests: 1, unit: Hour } }")]);
  const { status, guards = [] } = ask("GET / HTTP/1.1\r\nHost: a.test");
  expect([status, guards]).toEqual([500, []]);
});
