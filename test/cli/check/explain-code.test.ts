import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CODES } from "../../../src/errors.ts";
import { runHere } from "../in-process.ts";

const explain = (...args: string[]) => runHere(["check", "--explain", ...args]);

test("--explain prints what a code means and what to do, and reads no manifests", async () => {
  const { code, stdout, stderr } = await explain("missing-path-type");
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(
    /^missing-path-type\n\nIn networking\.k8s\.io\/v1 every path has to say how it is matched\.\n[\s\S]*\n→ Add pathType: /,
  );
});

test("every code has a page, without signs of Markdown, in lines of at most 100 columns", async () => {
  for (const code of Object.keys(CODES)) {
    const { stdout } = await explain(code);
    expect(stdout.startsWith(`${code}\n\n`), code).toBe(true);
    expect(stdout.split("\n\n").length, code).toBeGreaterThan(2);
    expect(stdout, code).not.toMatch(/\*\*|```|^#/m);
    const prose = stdout.split("\n").filter((line) => !line.startsWith("  "));
    expect(Math.max(...prose.map((line) => line.length)), code).toBeLessThanOrEqual(100);
  }
});

test("as JSON", async () => {
  const { stdout } = await explain("class-missing", "-o", "json");
  expect(JSON.parse(stdout)).toEqual({
    code: "class-missing",
    meaning: expect.stringMatching(/\S/),
    fix: CODES["class-missing"],
    nextStep: CODES["class-missing"],
  });
});

test.each<[readonly string[], string]>([
  [["missing-pathtype"], "Did you mean missing-path-type?"],
  [["path"], "Did you mean duplicate-path, "],
  [["__proto__"], "docs/errors.md lists all codes."],
  [["\x1b[31m"], "\\x1b[31m"],
  [[], "argument missing"],
  [["class-missing", "-o", "sarif"], "sarif"],
])("--explain %j is refused with: %s", async (args, words) => {
  const { code, stdout, stderr } = await explain(...args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(words);
  expect(stderr).not.toContain("\x1b");
});

test("it needs no manifests where it is called", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-explain-"));
  const { code } = await runHere(["check", "--explain", "bad-yaml"], { cwd: folder });
  rmSync(folder, { recursive: true });
  expect(code).toBe(0);
});
