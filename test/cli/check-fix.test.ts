import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runHere } from "./in-process.ts";

const BROKEN = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: a # the name
  annotations: {nginx.ingress.kubernetes.io/ssl-redirect: false}
spec:
  ingressClassName: nginx
  rules:
  - host: A.test # the host
    http:
      paths:
      - path: / # all
        backend: {serviceName: web, servicePort: 80}
      - path: b
        pathType: Prefix
        backend: {service: {name: web, port: {number: 80}}}
`;
const FIXED = BROKEN.replace(": false}", ': "false"}')
  .replace("A.test", "a.test")
  .replace("# all\n", "# all\n        pathType: ImplementationSpecific\n")
  .replace("{serviceName: web, servicePort: 80}", "{service: {name: web, port: {number: 80}}}");

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-fix-"));
  file = join(folder, "a.yaml");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const check = (...argv: string[]) => runHere(["check", ...argv], { cwd: folder });

test("repairs the file, says each repair with its place, and reports what is left", async () => {
  writeFileSync(file, BROKEN);
  const { code, stdout, stderr } = await check(file, "--fix", "-o", "text");
  expect(readFileSync(file, "utf8")).toBe(FIXED);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  const lines = stdout.replaceAll(file, "F").split("\n");
  expect(lines.slice(0, 5)).toEqual([
    'F:5  fixed  wrong-type  Ingress default/a metadata.annotations.nginx.ingress.kubernetes.io/ssl-redirect: false → "false"',
    "F:14  fixed  unknown-field  Ingress default/a spec.rules[0].http.paths[0].backend: serviceName, servicePort → service",
    "F:9  fixed  invalid-host  Ingress default/a spec.rules[0].host: A.test → a.test",
    "F:12  fixed  missing-path-type  Ingress default/a spec.rules[0].http.paths[0].pathType: ImplementationSpecific added",
    "4 problems fixed in 1 file",
  ]);
  expect(lines.filter((line) => / {2}error {2}/.test(line))).toEqual([
    expect.stringContaining("F:15  error  invalid-path  Ingress default/a spec.rules[0].http.paths[1].path"),
  ]);
});

test("a second time there is nothing to fix", async () => {
  writeFileSync(file, FIXED);
  const { stdout } = await check(file, "--fix", "-o", "text");
  expect(stdout).toMatch(/^Nothing to fix mechanically\.\n/);
  expect(readFileSync(file, "utf8")).toBe(FIXED);
});

test("-o json lists the repairs", async () => {
  writeFileSync(file, BROKEN);
  const { stdout } = await check(file, "--fix", "-o", "json");
  const { fixed, problems } = JSON.parse(stdout);
  expect(fixed).toHaveLength(4);
  expect(fixed[2]).toEqual({
    file,
    line: 9,
    code: "invalid-host",
    object: { kind: "Ingress", namespace: "default", name: "a" },
    field: "spec.rules[0].host",
    what: "A.test → a.test",
  });
  expect(problems.map(({ code }: { code: string }) => code)).toContain("invalid-path");
  const plain = await check(file, "-o", "json");
  expect(JSON.parse(plain.stdout)).not.toHaveProperty("fixed");
});

test("of standard input it prints the repaired text, and reports to standard error", async () => {
  const { code, stdout, stderr } = await runHere(["check", "-", "--fix", "-o", "text"], { input: BROKEN });
  expect({ code, stdout }).toEqual({ code: 1, stdout: FIXED });
  expect(stderr).toContain("<stdin>:9  fixed  invalid-host");
  expect(stderr).toContain("<stdin>:15  error  invalid-path");
});

test("a read-only file is an error, and no file is changed", async () => {
  const other = join(folder, "b.yaml");
  writeFileSync(file, BROKEN);
  writeFileSync(other, BROKEN.replace("name: a", "name: b"));
  chmodSync(other, 0o444);
  const said = await check(folder, "--fix");
  expect(said).toMatchObject({ code: 2, stdout: "" });
  expect(said.stderr).toContain("b.yaml cannot be written: it is read-only. No file is changed.");
  expect(readFileSync(file, "utf8")).toBe(BROKEN);
});

test("an old version that cannot be converted is said, and the rest is repaired", async () => {
  writeFileSync(
    file,
    `${BROKEN}---\n? apiVersion\n: extensions/v1beta1\n? kind\n: Ingress\nmetadata: {name: c}\n`,
  );
  const { stderr } = await check(file, "--fix");
  expect(stderr).toContain("a.yaml:18  error  not-converted  Ingress default/c");
  expect(readFileSync(file, "utf8")).toContain(FIXED);
});

test("what is ignored is left, by --ignore and by comments", async () => {
  const commented = BROKEN.replace(
    "- host: A.test # the host",
    "# ingress-dev-ignore: invalid-host\n  - host: A.test",
  );
  writeFileSync(file, commented);
  await check(file, "--fix", "--ignore", "missing-path-type");
  const text = readFileSync(file, "utf8");
  expect(text).toContain("# ingress-dev-ignore: invalid-host\n  - host: A.test\n");
  expect(text).toContain('ssl-redirect: "false"');
  expect(text).not.toContain("ImplementationSpecific");
  const old =
    "apiVersion: extensions/v1beta1 # ingress-dev-ignore: old-api-version\nkind: Ingress\nmetadata: {name: c}\nspec: {backend: {serviceName: a, servicePort: 80}}\n";
  writeFileSync(file, old);
  await check(file, "--fix");
  expect(readFileSync(file, "utf8")).toBe(old);
});
