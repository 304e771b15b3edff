import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runHere } from "../cli/in-process.ts";

interface Mistake {
  readonly name: string;
  readonly text: string;
  readonly line: string;
  readonly message: string;
  readonly fix: string;
}

const cases = readFileSync(join(import.meta.dirname, "bad-input.case"), "utf8")
  .split(/^=== /m)
  .slice(1)
  .map((section): Mistake => {
    const [name = "", ...lines] = section.trimEnd().split("\n");
    const [, line, message, fix] = /^→ (\d+): (.*?)(?: → (.*))?$/.exec(lines.at(-1) ?? "") ?? [];
    if (line === undefined || message === undefined) throw new Error(`no outcome: ${name}`);
    const written = lines.slice(0, -1);
    return { name, text: written.map((each) => `${each}\n`).join(""), line, message, fix: fix ?? "" };
  });

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-test-files-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("there are mistakes to make", () => expect(cases.length).toBeGreaterThan(50));

test.each(cases)("$name is one error with its line", async ({ text, line, message, fix }) => {
  const file = join(folder, "x.test.yaml");
  writeFileSync(file, text);
  const said = await runHere(["test", file]);
  const [first = "", second = "", ...others] = said.stderr.split("\n");
  expect(first.slice(0, `error: ${file}:${line}: ${message}`.length)).toBe(
    `error: ${file}:${line}: ${message}`,
  );
  expect(second.trim().slice(0, fix.length)).toBe(fix);
  expect(second.trim()).not.toBe("");
  expect(others).toEqual([""]);
  expect(said).toMatchObject({ code: 2, stdout: "" });
});
