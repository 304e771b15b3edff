import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runHere } from "../cli/in-process.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "to-traefik-nginx-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CLASS = `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }
---
`;

function ingress(annotations: readonly string[], paths: readonly string[]): string {
  const lines = annotations.map((line) => (line.startsWith("#") ? `    ${line}` : `    ${PREFIX}${line}`));
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web # the front door
  annotations:
    team: shop # asked first
${lines.map((line) => `${line}\n`).join("")}spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http:
        paths:
${paths.map((path) => `          - ${path}\n`).join("")}`;
}

const PREFIX = "nginx.ingress.kubernetes.io/";

function path(written: string, type: string): string {
  return `{ path: ${written}, pathType: ${type}, backend: { service: { name: s, port: { number: 80 } } } }`;
}

type Side = readonly [annotations: readonly string[], paths: readonly string[]];
const SAME = [path("/", "Prefix")];

/** What is written before and after; `lines`: of the warnings. */
const ROWS: readonly (readonly [title: string, before: Side, after: Side, lines: readonly number[]])[] = [
  ["nothing to change", [[], SAME], [[], SAME], []],
  [
    "a rewrite of the whole path",
    [["rewrite-target: /"], [path("/foo", "Prefix")]],
    [["rewrite-target: /"], [path('"/foo.*"', "ImplementationSpecific")]],
    [],
  ],
  [
    "a rewrite that reaches the end",
    [["rewrite-target: /$2"], [path("/foo(/|$)(.*)", "Prefix")]],
    [["rewrite-target: /$2"], [path("/foo(/|$)(.*)", "ImplementationSpecific")]],
    [],
  ],
  [
    "a group before a letter",
    [["rewrite-target: /$1abc"], [path("/w/(.*)", "ImplementationSpecific")]],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Go's template
    [['rewrite-target: "/${1}abc"'], [path("/w/(.*)", "ImplementationSpecific")]],
    [],
  ],
  [
    "Exact beside expressions",
    [['use-regex: "true"'], [path("/e", "Exact"), path("/r.*", "ImplementationSpecific")]],
    [['use-regex: "true"'], [path("/e", "ImplementationSpecific"), path("/r.*", "ImplementationSpecific")]],
    [],
  ],
  [
    "letters that Traefik refuses in a Prefix",
    [[], [path("/~u", "Prefix")]],
    [[], [path("/~u", "ImplementationSpecific")]],
    [],
  ],
  [
    "an annotation that it does not read goes with its comment",
    [["# who is kept out", "denylist-source-range: 10.0.0.0/8 # for now", 'use-regex: "false"'], SAME],
    [['use-regex: "false"'], SAME],
    [8],
  ],
  [
    "booleans and empty values",
    [['force-ssl-redirect: "1"', 'ssl-redirect: "no"', 'upstream-vhost: ""'], SAME],
    [['force-ssl-redirect: "true"'], SAME],
    [],
  ],
  [
    "a body limit needs buffering",
    [["proxy-body-size: 1k # small"], SAME],
    [["proxy-body-size: 1k # small", 'proxy-request-buffering: "on"'], SAME],
    [],
  ],
  [
    "an alias that is an expression",
    [["server-alias: b.test,~^c"], SAME],
    [['server-alias: "b.test"'], SAME],
    [7, 7],
  ],
];

describe("the Ingress says to Traefik what it said to nginx", () => {
  test.each(ROWS)("%s", async (_, before, after, lines) => {
    const file = join(folder, "a.yaml");
    writeFileSync(file, ingress(...before));
    const { stdout } = await runHere(["convert", "--to", "traefik-nginx", file, "-o", "json"]);
    const { files, problems } = JSON.parse(stdout);
    // The class is written as other made objects are.
    const made = CLASS.replaceAll(/(metadata|spec): \{ (.*) \}/g, "$1:\n  $2");
    expect(files[0].text).toBe(made + ingress(...after));
    expect(problems.map(({ line }: { line: number }) => line)).toEqual(lines);
  });
});

test("an IngressClass that is there is not written twice", async () => {
  const file = join(folder, "b.yaml");
  writeFileSync(file, CLASS + ingress([], SAME));
  const { stdout } = await runHere(["convert", "--to", "traefik-nginx", file]);
  expect(stdout).toBe(CLASS + ingress([], SAME));
});

test("the proof compares with what nginx made of them, and says what differs", async () => {
  const file = join(folder, "c.yaml");
  writeFileSync(file, ingress(["rewrite-target: /"], [path("/foo", "Prefix")]));
  const { stderr, code } = await runHere(["convert", "--to", "traefik-nginx", file]);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^\d+ requests compared \(ingress-nginx and traefik-nginx\): \d+ the same; these differ:$/m,
  );
  expect(stderr).toContain("Nothing else differs.");
});

test("an Ingress in a List is left, and said so", async () => {
  const file = join(folder, "d.yaml");
  const item = JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "in-list", annotations: { [`${PREFIX}satisfy`]: "any" } },
    spec: { ingressClassName: "nginx", rules: [{ host: "l.test", http: { paths: [] } }] },
  });
  const other = item.replace("in-list", "beside");
  writeFileSync(file, `{"apiVersion":"v1","kind":"List","items":[${item},${other}]}`);
  const { stderr, code } = await runHere(["convert", "--to", "traefik-nginx", file]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/not-converted/);
});
