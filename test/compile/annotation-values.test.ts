import { describe, expect, test } from "vitest";
import { Annotations } from "../../src/compile/ingress-nginx/annotations.ts";
import { DEFAULT_CONFIG } from "../../src/compile/ingress-nginx/config-map.ts";
import * as patterns from "../../src/compile/ingress-nginx/validators/patterns.ts";
import { VALUES } from "../../src/compile/ingress-nginx/validators/table.ts";
import { worldUnder } from "../../src/compile/ingress-nginx/world.ts";
import { createMemory } from "../../src/compile/memory.ts";
import { PREFIX } from "../../src/compile/nginx-annotations/prefix.ts";
import { worldOf } from "../../src/compile/world.ts";
import type { Ingress } from "../../src/model/resource.ts";
import { EMPTY_SNAPSHOT } from "../../src/model/snapshot.ts";
import { HONOURED } from "../support/annotations-page.ts";
import { type Fate, ROWS } from "./annotation-values.ts";

const options = { controller: "ingress-nginx", classless: "served" } as const;
const world = worldUnder(DEFAULT_CONFIG, createMemory().revise(worldOf(EMPTY_SNAPSHOT, options)));

function withAnnotation(name: string, value: string): Annotations {
  const ingress: Ingress = {
    kind: "Ingress",
    apiVersion: "networking.k8s.io/v1",
    metadata: {
      name: "a",
      namespace: "default",
      labels: new Map(),
      annotations: new Map([[PREFIX + name, value]]),
    },
    origin: { file: "", document: 1, line: 1, lineOf: () => 1 },
    spec: { rules: [], tls: [] },
  };
  return new Annotations(ingress, world);
}

/** The parsed value, or its fate. */
function read(name: string, value: string): { readonly value: string } | Fate {
  const annotations = withAnnotation(name, value);
  const found = annotations.report.ofGroup([name], () => ({ value: annotations.text(name) }));
  if (annotations.report.isRefused) return "dropped";
  if (annotations.report.denied !== undefined) return "denied";
  if (found === undefined) return "group";
  return found.value === undefined ? "ignored" : { value: found.value };
}

test("every annotation that is honoured is in the table", () => {
  const aliases = [...VALUES.values()].flatMap((one) => one.aliases);
  expect([...HONOURED].filter((name) => !VALUES.has(name) && !aliases.includes(name))).toEqual([]);
  expect([...VALUES.keys()].filter((name) => !ROWS.some((row) => row.name === name))).toEqual([]);
});

describe.each(ROWS)("$name", ({ name, good, bad, fate, empty }) => {
  test.each(good)("takes %j", (value) => expect(read(name, value)).toEqual({ value: trimmed(value) }));
  test.each(bad)(`%j: ${fate}`, (value) => expect(read(name, value)).toBe(fate));
  test(`"": ${empty}`, () => expect(read(name, "")).toBe(empty));
});

/** annotations/parser/main.go, normalizeString. */
function trimmed(value: string): string {
  return value
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
}

test("an alias is read where the annotation itself is absent or empty", () => {
  expect(withAnnotation("whitelist-source-range", "10.0.0.0/8").read("allowlist-source-range")).toEqual({
    name: "whitelist-source-range",
    value: "10.0.0.0/8",
  });
});

test("what is wrong with a value is said once, and not at full length", () => {
  const annotations = withAnnotation("ssl-ciphers", ";".repeat(100_000));
  annotations.text("ssl-ciphers");
  annotations.text("ssl-ciphers");
  expect(annotations.report.problems).toHaveLength(1);
  expect(annotations.report.problems[0]?.message.length).toBeLessThan(600);
});

test.each([
  ["limit-rps", " 5", '" 5" has blanks or a line break around it, and so is not a whole number'],
  [
    "ssl-ciphers",
    "HIGH\n",
    '"HIGH\\n" has blanks or a line break around it, and so is not a list of ciphers',
  ],
  ["limit-rps", " five", '" five" is not a whole number'],
  ["ssl-ciphers", "a\nb", '"a\\nb" is not a list of ciphers'],
])("%s: %j is told on one line", (name, value, message) => {
  const annotations = withAnnotation(name, value);
  annotations.text(name);
  expect(annotations.report.problems[0]?.message).toContain(message);
});

/** Repeated parts of the expressions. */
const PIECES = [
  ...["a", "1", "0", ",", ", ", "https://a.b:1,", "*.", ":1", "4", "404,", "@STRENGTH", "@SECLEVEL=1", "/a"],
  ...["error ", "GET,", "TLSv1.2", "10", "-1"],
];

/** A backtracking expression would exceed the test's time on these. */
test.each(Object.entries(patterns))("%s reads a long value once", (name, pattern) => {
  const NOT_ANCHORED = [
    "MaliciousRegex",
    "authTypeRegex",
    "authSecretTypeRegex",
    "affinityCookieExpiresRegex",
  ];
  for (const piece of PIECES) {
    const taken = pattern.test(`${piece.repeat(400_000 / piece.length)}\u0000`);
    if (!NOT_ANCHORED.includes(name)) expect(taken).toBe(false);
  }
});
