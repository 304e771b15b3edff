import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DOCUMENTED } from "../../../src/compile/ingress-nginx/annotations/features.ts";
import { FATES } from "../../../src/convert/to/nginx/losses.ts";
import { TARGET_NAMES } from "../../../src/convert/to/target-names.ts";
import { runHere } from "../../cli/in-process.ts";
import { ROWS } from "../../compile/annotation-values.ts";
import { companionsOf, USUAL_VALUES } from "./usual-values.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "convert-annotations-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PREFIX = "nginx.ingress.kubernetes.io/";

function ingressWith(annotations: ReadonlyMap<string, string>, name = "shop"): string {
  const lines = [...annotations].map(([key, value]) => `    ${PREFIX}${key}: ${JSON.stringify(value)}\n`);
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    other: "1"
${lines.join("")}spec:
  ingressClassName: nginx
  tls: [{ hosts: [shop.test], secretName: shop-tls }]
  rules:
    - host: shop.test
      http: { paths: [{ path: /cart, pathType: Prefix, backend: { service: { name: ${name}, port: { number: 80 } } } }] }
`;
}

interface Said {
  readonly files: readonly { readonly text: string }[];
  readonly problems: readonly { readonly message: string; readonly code: string; readonly field?: string }[];
  readonly compared: readonly { readonly unnamed: readonly unknown[] }[];
}

async function convert(text: string, to: string): Promise<Said> {
  const file = join(folder, "a.yaml");
  writeFileSync(file, text);
  const { stdout, stderr } = await runHere(["convert", "--to", to, "-o", "json", file]);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

/** Snippets have no row; nobody judges their values. */
function usualValue(name: string): string {
  return USUAL_VALUES[name] ?? ROWS.find((row) => row.name === name)?.good[0] ?? "true";
}

test("each annotation that ingress-nginx documents has a fate", () => {
  expect([...DOCUMENTED.keys()].filter((name) => !FATES.has(name))).toEqual([]);
  expect([...FATES.keys()].filter((name) => !DOCUMENTED.has(name))).toEqual([]);
});

describe.each(TARGET_NAMES)("to %s", (target) => {
  test.each([...DOCUMENTED.keys()])("%s is converted, harmless, or named", async (name) => {
    const others = new Map(Object.entries(companionsOf(name)).filter(([other]) => other !== name));
    const primary = name.startsWith("canary") ? `${ingressWith(new Map(), "web")}---\n` : "";
    const without = await convert(primary + ingressWith(others), target);
    const all = new Map([...others, [name, usualValue(name)]]);
    const found = await convert(primary + ingressWith(all), target);
    const isNamed = found.problems.some(({ message }) => message.includes(`${PREFIX}${name}`));
    const isConverted = found.files[0]?.text !== without.files[0]?.text;
    const isHarmless = FATES.get(name)?.kind === "harmless";
    expect({ isNamed, isConverted, isHarmless }).not.toEqual({
      isNamed: false,
      isConverted: false,
      isHarmless: false,
    });
    expect(found.compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
  });
});
