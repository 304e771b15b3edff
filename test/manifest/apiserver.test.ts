import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseManifest } from "../support/parse-manifest.ts";

/** Manifests with a real API server's answers to `kubectl apply`. */
const folder = join(import.meta.dirname, "../cases/apiserver");
const expected: Record<string, { outcome: string; messages: string[] }> = JSON.parse(
  readFileSync(join(folder, "expected.json"), "utf8"),
);
const cases = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

/** That cluster lacks the version; here it is served with a warning. */
const SERVED_HERE = "23-apiVersion-v1beta1.yaml";

/** kubectl prefixes the file name; the contract starts after it. */
function withoutFile(message: string): string {
  return message.replace(/^unable to decode "[^"]*": /, "").replace(/^error parsing \S+: /, "");
}

describe("what the API server answered", () => {
  test("there is an expectation for every case", () =>
    expect(cases.sort()).toEqual(Object.keys(expected).sort()));

  test.each(cases.filter((name) => name !== SERVED_HERE))("%s", (name) => {
    const { problems, resources } = parseManifest(readFileSync(join(folder, name), "utf8"), name);
    expect(problems.map((problem) => problem.message)).toEqual(expected[name]?.messages.map(withoutFile));
    expect(problems.every((problem) => problem.level === "error" && problem.file === name)).toBe(true);
    if (expected[name]?.outcome === "accepted") expect(resources).toHaveLength(1);
  });

  test(`${SERVED_HERE} is served, with a warning that names the converted form`, () => {
    const { problems, resources } = parseManifest(readFileSync(join(folder, SERVED_HERE), "utf8"), "f.yaml");
    expect(problems.map(({ code, level }) => `${level} ${code}`)).toEqual(["warning old-api-version"]);
    expect(problems[0]?.message).toContain("networking.k8s.io/v1");
    const [ingress] = resources;
    if (ingress?.kind !== "Ingress") throw new Error("no Ingress");
    expect(ingress.spec.rules[0]?.paths?.[0]).toEqual({
      path: "/",
      pathType: "ImplementationSpecific",
      backend: { kind: "service", name: "web", port: { number: 80 } },
      field: "spec.rules[0].http.paths[0]",
    });
  });
});

test.each([
  ["02-unknown-field-spec.service.yaml", 5],
  ["03-missing-pathType.yaml", 7],
  ["10-host-is-ip.yaml", 6],
  ["20-port-out-of-range.yaml", 7],
  ["33-bad-name.yaml", 3],
  ["38-annotation-not-string.yaml", 3],
  ["42-yaml-syntax.yaml", 5],
  ["43-many-errors-at-once.yaml", 11],
])("%s: the problem is on line %i", (name, line) => {
  const { problems } = parseManifest(readFileSync(join(folder, name), "utf8"), name);
  expect(problems[0]?.line).toBe(line);
});
