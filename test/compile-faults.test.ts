import { expect, test } from "vitest";
import { withoutFaulty } from "../src/compile/faulty.ts";
import { snapshotOf } from "../src/manifest/snapshot.ts";
import type { Ingress } from "../src/model/resource.ts";
import { atOnce, type Steps } from "../src/steps.ts";
import { parseManifest } from "./support/parse-manifest.ts";

const names = (count: number) => Array.from({ length: count }, (_, at) => `a${at}`);

function ingresses(count: number): readonly Ingress[] {
  const text = names(count).map(
    (name) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
`,
  );
  return snapshotOf(parseManifest(text.join("---\n"), "a.yaml").resources).snapshot.ingresses;
}

/** Throws if an Ingress of one of these names is given. */
const throwsAt = (...faulty: readonly string[]) =>
  function* (given: readonly Ingress[]): Steps<readonly string[]> {
    const found = given.map(({ metadata }) => metadata.name);
    if (found.some((name) => faulty.includes(name))) throw new RangeError("too much");
    return found;
  };

test.each([
  ["one", ["a7"]],
  ["the first and the last", ["a0", "a99"]],
  ["some", ["a3", "a4", "a50", "a98"]],
])("an Ingress that a fault is met at is left out and named, the others are compiled: %s", (_what, faulty) => {
  const { compiled, problems } = atOnce(withoutFaulty(ingresses(100), throwsAt(...faulty)));
  expect(compiled).toEqual(names(100).filter((name) => !faulty.includes(name)));
  expect(problems.map(({ code, object }) => `${code} ${object?.name}`)).toEqual(
    faulty.map((name) => `internal ${name}`),
  );
  expect(problems[0]).toMatchObject({
    level: "error",
    file: "a.yaml",
    fix: expect.stringContaining("Please report"),
  });
});

test("a fault that is no Ingress's is thrown", () => {
  // biome-ignore lint/correctness/useYield: it throws first
  const attempt = function* (): Steps<never> {
    throw new Error("of none");
  };
  expect(() => atOnce(withoutFaulty(ingresses(3), attempt))).toThrow("of none");
});
