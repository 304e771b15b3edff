import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { runHere } from "../in-process.ts";

const MANIFESTS = join(import.meta.dirname, "manifests.yaml");
const TESTS = `# ingress-dev test file
manifests: ${MANIFESTS}
variables: { host: shop.test }
tests:
  - name: the "shop" <b>&\u0007 #1
    host: http://\${host}
    paths:
      /: web
      /cart: web
`;

let folder = "";
let file = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-test-forms-"));
  file = join(folder, "shop.test.yaml");
  // YAML has no control characters but as escapes.
  writeFileSync(file, TESTS.replace('the "shop" <b>&\u0007 #1', JSON.stringify('the "shop" <b>&\u0007 #1')));
});
afterAll(() => rmSync(folder, { recursive: true }));

const tested = (...more: string[]) => runHere(["test", file, ...more]);

test("text shows what was expected, what came, and why, with both places", async () => {
  const { stdout, code } = await tested();
  expect(code).toBe(1);
  const lines = stdout.split("\n");
  expect(lines.slice(0, 11)).toEqual([
    file,
    `  ✓ the "shop" <b>&\\x07 #1: GET http://shop.test/`,
    `  ✗ the "shop" <b>&\\x07 #1: GET http://shop.test/cart  ${file}:9`,
    "      service       expected  web",
    "                    came      default/cart:http",
    "",
    "      Rule            shop.test /cart (Prefix)",
    `      Ingress         default/shop  ${MANIFESTS}:11`,
    "      Backend         default/cart:http",
    "      Served by       echo/cart-0",
    "      Asked for       GET /cart",
  ]);
  expect(stdout).toMatch(/^ {6}Why {13}path \/cart \(Prefix\) of Ingress default\/shop/m);
  expect(stdout).not.toContain("Headers set");
  expect(lines.slice(-3)).toEqual(["", "2 tests: 1 passed, 1 failed", ""]);
});

test("text is coloured on request only", async () => {
  const coloured = await runHere(["test", file], { env: { FORCE_COLOR: "1" } });
  expect(coloured.stdout).toContain("\x1b[32m✓\x1b[39m");
  expect((await tested()).stdout).not.toContain("\x1b");
});

test("JSON is one object on one line", async () => {
  const { stdout, code } = await tested("-o", "json", "--coverage");
  expect(code).toBe(1);
  expect(stdout.trimEnd()).not.toContain("\n");
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({ passed: 1, failed: 1 });
  expect(told.tests).toHaveLength(2);
  expect(told.tests[1]).toMatchObject({
    ...{ file, line: 9, request: "GET http://shop.test/cart", passed: false },
    failures: [{ key: "service", expected: "web", actual: "default/cart:http" }],
    actual: {
      decision: "forward",
      service: "default/cart",
      port: "http",
      path: "/cart",
      ingress: "default/shop",
    },
  });
  expect(told.coverage).toMatchObject({ rules: 7, reached: 2, percent: 28, least: 0 });
});

test("TAP has a version, a plan, a line a request and a diagnostic that is YAML", async () => {
  const { stdout, code } = await tested("-o", "tap");
  expect(code).toBe(1);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "TAP version 14",
    "1..2",
    'ok 1 - the "shop" <b>&\\\\x07 \\#1: GET http://shop.test/',
    'not ok 2 - the "shop" <b>&\\\\x07 \\#1: GET http://shop.test/cart',
  ]);
  expect(lines[4]).toBe("  ---");
  expect(lines.at(-1)).toBe("  ...");
  expect(parse(lines.slice(5, -1).join("\n"))).toMatchObject({
    at: { file, line: 9 },
    failures: [{ key: "service", expected: "web", actual: "default/cart:http" }],
  });
});

test("JUnit is XML without control characters, and its counts are right", async () => {
  const { stdout, code } = await tested("-o", "junit");
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="ingress-dev" tests="2" failures="1" errors="0">/,
  );
  expect(stdout).toContain(`<testsuite name="${file}" tests="2" failures="1" errors="0">`);
  expect(stdout).toContain(
    `<testcase name="the &quot;shop&quot; &lt;b&gt;&amp; #1: GET http://shop.test/" classname="${file}" file="${file}" line="8"/>`,
  );
  expect(stdout).toContain(
    '<failure message="service: expected web, came default/cart:http" type="expectation">',
  );
  expect(stdout).not.toMatch(/[\x00-\x08\x0b-\x1f]/);
  // Every element that is opened is closed.
  const open = [...stdout.matchAll(/<([a-z-]+)[^>]*[^/]>/g)].map(([, name]) => name).sort();
  const closed = [...stdout.matchAll(/<\/([a-z-]+)>/g)].map(([, name]) => name).sort();
  expect(open).toEqual(closed);
});

test.each([
  ["-o github", ["-o", "github"], {}],
  ["a workflow", [], { GITHUB_ACTIONS: "true" }],
])("%s: text without commands, then an annotation at the line", async (_, more, env) => {
  const { stdout, code } = await runHere(["test", file, ...more], {
    env: { ...env, GITHUB_WORKSPACE: folder },
    cwd: folder,
  });
  expect(code).toBe(1);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^::stop-commands::/);
  expect(lines.at(-1)).toMatch(
    /^::error file=shop\.test\.yaml,line=9,title=.*::service: expected web, came default\/cart:http%0A/,
  );
});

test.each([
  [["--coverage"], 1, /^ {2}not reached {2}default\/shop shop\.test \/cart \(Prefix\)/m, 1],
  [["--coverage-min", "28"], 0, /^coverage 28 % \(2 of 7 rules\)$/m, 2],
  [["--coverage-min", "29"], 1, /^coverage 28 % \(2 of 7 rules\), 29 % are asked for$/m, 2],
] as const)("%s", async (flags, code, said, reached) => {
  const all = join(folder, "covered.test.yaml");
  const paths = ["/", "/gone"].slice(0, reached);
  const tests = paths.map((path) => `- {request: "http://shop.test${path}", expect: {ingress: shop}}\n`);
  writeFileSync(all, `manifests: ${MANIFESTS}\ntests:\n${tests.join("")}`);
  const told = await runHere(["test", all, ...flags]);
  expect(told.stdout).toMatch(said);
  if (reached === 2) expect(told.code).toBe(code);
  rmSync(all);
});

test("coverage names each rule with its line, a canary only when its share is taken", async () => {
  const { stdout } = await tested("--coverage", "-o", "json");
  const unreached = JSON.parse(stdout).coverage.unreached;
  expect(
    unreached.map(({ ingress, rule, line }: Record<string, unknown>) => [ingress, rule, line]),
  ).toContainEqual([
    "default/shop-canary",
    { host: "shop.test", path: "/", pathType: "Prefix" },
    expect.any(Number),
  ]);
  const canary = join(folder, "canary.test.yaml");
  writeFileSync(
    canary,
    `manifests: ${MANIFESTS}\ntests:\n- {request: {url: "http://shop.test/", chance: 0}, expect: web-next}\n`,
  );
  const taken = JSON.parse((await runHere(["test", canary, "--coverage", "-o", "json"])).stdout).coverage;
  expect(taken.reached).toBe(1);
  expect(taken.unreached.map(({ ingress }: { ingress: string }) => ingress)).not.toContain(
    "default/shop-canary",
  );
  rmSync(canary);
});

test("coverage names the host of a default backend: its Ingress has one for each", async () => {
  const rule = (host: string) =>
    `  - host: ${host}\n    http: {paths: [{path: /a, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}]}\n`;
  const manifest = join(folder, "default.yaml");
  writeFileSync(
    manifest,
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec:\n  ingressClassName: nginx\n  defaultBackend: {service: {name: rest, port: {number: 80}}}\n  rules:\n${rule("a.test")}${rule("b.test")}`,
  );
  const tests = join(folder, "default.test.yaml");
  writeFileSync(tests, `manifests: ${manifest}\ntests: [{request: "http://a.test/", expect: rest}]\n`);
  const { stdout } = await runHere(["test", tests, "--coverage"]);
  expect(stdout).toContain(`  not reached  default/web b.test default backend  ${manifest}:`);
  expect(stdout).not.toContain("a.test default backend");
  rmSync(tests);
});

test("JUnit has errors of manifests in a comment, whatever dashes they have", async () => {
  const manifest = join(folder, "dashes.yaml");
  const ingress = (name: string, more: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: ${name}}\nspec:\n  ingressClassName: nginx\n  ${more}\n`;
  writeFileSync(
    manifest,
    `${ingress("web", "defaultBackend: {service: {name: web, port: {number: 80}}}")}---\n${ingress("a---b-----c", "rules: 5")}`,
  );
  const tests = join(folder, "dashes.test.yaml");
  writeFileSync(tests, `manifests: ${manifest}\ntests: [{request: "http://a.test/", expect: web}]\n`);
  const { stdout } = await runHere(["test", tests, "-o", "junit"]);
  const comment = /<!--(.*?)-->/s.exec(stdout)?.[1];
  expect(comment).toContain("a- - -b");
  // XML 1.0, section 2.5
  expect(comment).not.toMatch(/--|-$/);
  rmSync(tests);
});
