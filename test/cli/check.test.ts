import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

const at = (name: string, paths: readonly (readonly [path: string, type: string])[], more = "") => {
  const listed = paths.map(
    ([path, type]) =>
      `{path: "${path}", pathType: ${type}, backend: {service: {name: web, port: {number: 80}}}}`,
  );
  return ingress(name, more).replace(/paths: \[.*\]/, `paths: [${listed.join(", ")}]`);
};

const CONFIG = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ingress-nginx-controller, namespace: ingress-nginx}\ndata: ${data}\n---\n`;

/** The words of the real controller's webhook (CheckIngress), one per Ingress; none if it accepts all. */
test.each<[string, string, readonly string[]]>([
  [
    "a path that another Ingress has",
    ingress("a", "") + ingress("b", ""),
    ['host "a.test" and path "/" is already defined in ingress default/a'],
  ],
  [
    "the same where one of them says something of canaries",
    ingress("a", "") + ingress("b", ", annotations: {nginx.ingress.kubernetes.io/canary: 'false'}"),
    [],
  ],
  [
    "a path twice in one Ingress",
    at("a", [
      ["/p", "Prefix"],
      ["/p", "Prefix"],
    ]),
    [],
  ],
  [
    "a Prefix that is rendered as another is written",
    at("a", [["/foo", "Prefix"]]) + at("b", [["/foo/", "Prefix"]]),
    ['host "a.test" and path "/foo/" is already defined in ingress default/a'],
  ],
  [
    "a Prefix of the text of an Exact",
    at("a", [["/foo", "Exact"]]) + at("b", [["/foo", "Prefix"]]),
    ['host "a.test" and path "/foo" is already defined in ingress default/a'],
  ],
  ["an Exact of the text of a Prefix", at("a", [["/foo", "Prefix"]]) + at("b", [["/foo", "Exact"]]), []],
  ["what nginx alone refuses", annotated("proxy-buffers-number", "1"), []],
  [
    "a value that its validator refuses",
    annotated("limit-rps", "many"),
    ["annotation nginx.ingress.kubernetes.io/limit-rps contains invalid value"],
  ],
  [
    "a risky annotation",
    CONFIG("{annotations-risk-level: Low}") + annotated("rewrite-target", "/"),
    ["annotation group Rewrite contains risky annotation based on ingress configuration"],
  ],
  [
    "a snippet",
    annotated("server-snippet", "return 418;"),
    [
      "nginx.ingress.kubernetes.io/server-snippet annotation cannot be used. Snippet directives are disabled by the Ingress administrator",
    ],
  ],
  [
    "a snippet that is allowed, but too risky",
    CONFIG('{allow-snippet-annotations: "true"}') + annotated("server-snippet", "return 418;"),
    ["annotation group ServerSnippet contains risky annotation based on ingress configuration"],
  ],
  [
    "a snippet that is not too risky, but not allowed",
    CONFIG("{annotations-risk-level: Critical}") + annotated("configuration-snippet", "return 418;"),
    [
      "nginx.ingress.kubernetes.io/configuration-snippet annotation cannot be used. Snippet directives are disabled by the Ingress administrator",
    ],
  ],
  [
    "an annotation of somebody else's with such a name",
    ingress("a", ", annotations: {example.com/my-snippet: x}"),
    [
      "example.com/my-snippet annotation cannot be used. Snippet directives are disabled by the Ingress administrator",
    ],
  ],
  [
    "paths that their type does not allow",
    at("a", [
      ["/v[0-9]", "Prefix"],
      ["/ok", "Prefix"],
      ["/w~", "Exact"],
    ]),
    [
      "ingress contains invalid paths: path /v[0-9] cannot be used with pathType Prefix\npath /w~ cannot be used with pathType Exact",
    ],
  ],
  [
    "what deep inspection finds",
    at("a", [["/etc/shadow", "Prefix"]]),
    [
      "invalid object: invalid rule in ingress default/a: invalid http path: invalid value found: /etc/shadow",
    ],
  ],
])("the admission webhook's words for %s", async (_, manifests, expected) => {
  const { stdout } = await check(["-", "-o", "json"], manifests);
  const problems: readonly Problem[] = JSON.parse(stdout).problems;
  const refused = problems.filter(({ webhook }) => webhook !== undefined);
  expect([...new Set(refused.map(({ webhook }) => webhook))]).toEqual(expected);
  expect(
    refused.every(({ level, message, webhook }) => level === "error" && message.includes(webhook ?? "!")),
  ).toBe(true);
});

test("what stops the controller is an error although kubectl apply takes it, and says so in one sentence", async () => {
  const { code, stdout } = await check(["-"], annotated("proxy-read-timeout", "-1"));
  expect(code).toBe(1);
  expect(stdout).toContain(
    'nginx refuses the configuration ("proxy_read_timeout" directive invalid value), so no change of any Ingress takes effect until this goes',
  );
  expect(stdout).not.toContain("webhook");
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

test("a file's name says nothing to the terminal, in the last line neither", async () => {
  writeFileSync(join(folder, "a\x1b[31m\u202e.yaml"), ingress("a", ""));
  const { stdout, stderr } = await check([join(folder, "a\x1b[31m\u202e.yaml")]);
  expect(stdout).toContain("a\\x1b[31m\\u202e.yaml (1 file, 1 Ingress): ");
  expect(`${stdout}${stderr}`).not.toMatch(/[\x1b\u202e]/);
});

test.each([
  ["", "standard input holds no object that is served"],
  ["# Source: web/templates/ingress.yaml\n---\n", "standard input holds no object that is served"],
  ["a: 1\n", "standard input holds no object that is served (only: 1 not a Kubernetes object)"],
])("standard input without objects is told of: %j", async (input, message) => {
  const { code, stdout } = await runHere(["check", "-", "-o", "json"], { input });
  const { problems } = JSON.parse(stdout) as { problems: readonly unknown[] };
  expect(code).toBe(0);
  expect(problems).toEqual([expect.objectContaining({ code: "no-objects", level: "warning", message })]);
});
