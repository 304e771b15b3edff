import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Problem } from "../../src/model/problem.ts";
import { runHere } from "./in-process.ts";

const EXAMPLES = join(import.meta.dirname, "..", "..", "examples");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-check-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const check = (args: readonly string[], input = "") => runHere(["check", ...args], { cwd: folder, input });

const ingress = (name: string, more: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: ${name}${more}}\nspec:\n  ingressClassName: nginx\n  rules:\n  - host: a.test\n    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}\n---\n`;

const annotated = (name: string, value: string) =>
  ingress("a", `, annotations: {nginx.ingress.kubernetes.io/${name}: '${value}'}`);

test.each<[string, string, number, readonly string[]]>([
  ["nothing is wrong", ingress("a", ""), 0, []],
  [
    "two with one path: the webhook refuses the second",
    ingress("a", "") + ingress("b", ""),
    1,
    ["error duplicate-path"],
  ],
  [
    "a bad value that refuses the Ingress",
    annotated("permanent-redirect", "https://x$request_uri"),
    1,
    ["error annotation-refused"],
  ],
  ["a snippet", annotated("configuration-snippet", "return 418;"), 1, ["error annotation-refused"]],
  ["a misspelt annotation is a warning", annotated("rewrite-taget", "/"), 0, ["warning annotation-unknown"]],
  [
    "a value that is passed over is a warning",
    annotated("ssl-redirect", "yes"),
    0,
    ["warning annotation-ignored"],
  ],
  [
    "what the API server refuses",
    ingress("a", "").replace("pathType: Prefix, ", ""),
    1,
    ["error missing-path-type"],
  ],
])("%s", async (_, manifests, status, expected) => {
  const { code, stdout } = await check(["-", "-o", "json"], manifests);
  const problems: readonly Problem[] = JSON.parse(stdout).problems;
  expect(
    problems.filter(({ level }) => level !== "notice").map(({ level, code }) => `${level} ${code}`),
  ).toEqual(expected);
  expect(code).toBe(status);
});

test("the specification as written knows no webhook", async () => {
  const { code } = await check(["-", "--controller", "kubernetes"], ingress("a", "") + ingress("b", ""));
  expect(code).toBe(0);
});

test("as text: each problem with its place and what to do, then how many there are", async () => {
  const { code, stdout, stderr } = await check([join(EXAMPLES, "trouble-shooting")]);
  expect([code, stderr]).toEqual([1, ""]);
  expect(stdout).toMatch(
    /simple-ingress-v1\.yaml:3 {2}error {2}unknown-kind .*\n {2}→ Write kind and apiVersion/,
  );
  expect(stdout).toMatch(/\(2 files, 0 Ingresses\): 2 errors\n$/);
});
