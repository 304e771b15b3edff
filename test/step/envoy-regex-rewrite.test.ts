import { expect, test } from "vitest";
import { compileRe2 } from "../../src/re2/re2.ts";
import { readSubstitution } from "../../src/re2/substitution.ts";
import type { Arrival } from "../../src/step/arrival.ts";
import { takeStep } from "../../src/step/step.ts";

test.each([
  // pattern, substitution, path as sent, path upstream
  ["/v[0-9]+/(.*)", "/new/\\1", "/v1/a%20b?x=/v2/c", "/new/a%20b?x=/v2/c"],
  ["[0-9]", "n", "/1/2", "/n/n"],
  ["[0-9]", "n", "/a?x=1", "/a?x=1"],
  ["/(a)", "/\\1\\2", "/a", "/a"],
])("%s by %s makes %s to %s", (source, substitution, sent, path) => {
  const compiled = compileRe2(source, { broken: "refused" });
  if (compiled.kind === "refused") throw new Error(compiled.why);
  const { pattern } = compiled;
  const to = readSubstitution(substitution, pattern.names.length);
  const at = { path: { path: "/", query: "", quoted: false, sent }, request: { target: sent } };
  const change = takeStep(at as unknown as Arrival, { kind: "envoy-regex-rewrite", pattern, to });
  expect(change).toEqual({
    rewritten: { path, target: path.split("?")[0], escaping: "as-is" },
    requestHeaders: [["x-envoy-original-path", sent]],
  });
});
