import fc from "fast-check";
import { expect, test } from "vitest";
import { readGeneralYaml } from "../../../src/yaml/general-yaml.ts";
import type { YamlNode } from "../../../src/yaml/node.ts";
import { crdAnswers } from "../../answers/crd-answers.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

function jsonOf(node: YamlNode): Json {
  if (node.kind === "list") return node.items.map(jsonOf);
  if (node.kind === "scalar") return typeof node.value === "bigint" ? String(node.value) : node.value;
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, jsonOf(value)]));
}

const ACCEPTED = crdAnswers().flatMap(({ status, manifest }) => {
  const node = status === 201 ? readGeneralYaml(manifest) : undefined;
  return node === undefined || "message" in node ? [] : [jsonOf(node)];
});

const STRANGE: readonly Json[] = [
  ...[null, true, 0, -1, 1.5, 1e300, 2 ** 53, "", "a", "*", "/", "1s", "ä🎉\u0000", "x".repeat(5_000)],
  ...[
    [],
    {},
    [null],
    [[[]]],
    { __proto__: 1, constructor: 2 },
    [{ name: "a" }, { name: "a" }],
    { a: { b: [1] } },
  ],
];

/** The value with something strange at one place: `steps` choose the way there. */
function mutated(value: Json, steps: readonly number[], how: number): Json {
  const [step = 0, ...rest] = steps;
  if (Array.isArray(value) && value.length > 0 && rest.length > 0) {
    return value.map((item, at) => (at === step % value.length ? mutated(item, rest, how) : item));
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value) && rest.length > 0) {
    const entries = Object.entries(value);
    if (step % 7 === 0) return { ...value, [`x${how}`]: STRANGE[how % STRANGE.length] ?? null };
    const at = step % Math.max(1, entries.length);
    if (step % 7 === 1) return Object.fromEntries(entries.filter((_, other) => other !== at));
    return Object.fromEntries(
      entries.map(([key, below], other) => [key, other === at ? mutated(below, rest, how) : below]),
    );
  }
  return STRANGE[how % STRANGE.length] ?? null;
}

test("whatever stands in a custom resource, it is judged, and refused with a reason or read", () => {
  const change = fc.record({
    steps: fc.array(fc.nat(60), { minLength: 1, maxLength: 9 }),
    how: fc.nat(1_000),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...ACCEPTED),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (object, changes) => {
        const changed = changes.reduce((value, { steps, how }) => mutated(value, steps, how), object);
        const text = JSON.stringify(changed);
        const { problems, resources, refused, passedOver } = parseManifest(text, "a.json");
        expect(problems.filter(({ code }) => code === "internal")).toEqual([]);
        const isRefused = problems.some(({ level }) => level === "error");
        expect(refused.length > 0).toBe(isRefused);
        expect(resources.length + [...passedOver.values()].length > 0).toBe(!isRefused);
        expect(parseManifest(text, "a.json").problems).toEqual(problems);
      },
    ),
    { numRuns: 2_000 },
  );
});
