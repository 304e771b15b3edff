import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runHere } from "../in-process.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-check-"));
  mkdirSync(join(folder, "k8s"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MANIFEST = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, annotations: {nginx.ingress.kubernetes.io/nonsense: "x"}}
spec:
  ingressClassName: nginx
  rules:
  - http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}
`;

const write = () => {
  const file = join(folder, "k8s", "shop.yaml");
  writeFileSync(file, MANIFEST);
  return file;
};

test("-o github: the text where no command is looked for, then an annotation for each problem", async () => {
  const { code, stdout } = await runHere(["check", write(), "-o", "github"], { cwd: folder });
  const [first = "", ...lines] = stdout.trimEnd().split("\n");
  const token = /^::stop-commands::([-0-9a-f]{36})$/.exec(first)?.[1];
  const end = lines.indexOf(`::${token}::`);
  expect(code).toBe(1);
  expect(lines[0]).toContain("missing-path-type");
  expect(lines[end - 1]).toMatch(/: 1 error/);
  expect(lines[end + 1]).toMatch(
    /^::error file=k8s\/shop\.yaml,line=7,.*title=missing-path-type::Ingress default\/shop spec\.rules\[0\].*%0AAdd pathType/,
  );
});

test("in GitHub Actions it is the form of whoever names none, with the repository's paths", async () => {
  write();
  const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: folder };
  const cwd = join(folder, "k8s");
  const { stdout } = await runHere(["check", join(cwd, "shop.yaml")], { cwd, env });
  expect(stdout).toContain("\n::error file=k8s/shop.yaml,");
  const named = await runHere(["check", join(cwd, "shop.yaml"), "-o", "text"], { cwd, env });
  expect(named.stdout).not.toContain("::");
});

test("manifests that say commands of a workflow give none", async () => {
  const hostile = MANIFEST.replace("name: shop", 'name: "x\\n::add-mask::y ##[error]z"');
  const { stdout } = await runHere(["check", "-", "-o", "github"], { cwd: folder, input: hostile });
  const token = stdout.split("\n")[0]?.replace("::stop-commands::", "") ?? "";
  const after = stdout.split(`\n::${token}::\n`)[1] ?? "";
  expect(stdout.split(`::${token}::`)).toHaveLength(2);
  expect(
    after
      .trimEnd()
      .split("\n")
      .filter((line) => !/^::(?:error|warning|notice) title=/.test(line)),
  ).toEqual([]);
  expect(after).toContain("::error title=");
});

test("an unknown form is refused with the one that is meant", async () => {
  const { code, stderr } = await runHere(["check", "-", "-o", "githb"], { cwd: folder, input: MANIFEST });
  expect(code).toBe(2);
  expect(stderr).toContain("did you mean github?");
});
