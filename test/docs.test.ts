import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONTROLLER_NAMES } from "../src/compile/controllers.ts";
import { annotationsPage, HONOURED, unexplained } from "./support/annotations-page.ts";
import { withOwnTables } from "./support/controller-pages.ts";
import { withControllerRows } from "./support/controllers-page.ts";
import { OTHERWISE } from "./support/otherwise.ts";

/** `INGRESS_DEV_WRITE_DOCS=1 npx vitest run test/docs.test.ts` writes the pages instead of comparing them. */
const WRITE = process.env.INGRESS_DEV_WRITE_DOCS === "1";

test("every annotation of ingress-nginx is honoured, or it is said why not", () =>
  expect(unexplained()).toEqual([]));

test("what is said of single annotations is said of ones that are there, and honoured", () =>
  expect([...OTHERWISE.keys()].filter((name) => !HONOURED.has(name))).toEqual([]));

test.each([
  ["annotations.md", annotationsPage],
  ["controllers.md", withControllerRows],
] as const)("docs/%s says what the tables say", (name, written) => {
  const file = join(import.meta.dirname, "..", "docs", name);
  const page = readFileSync(file, "utf8");
  if (WRITE) writeFileSync(file, written(page));
  expect(readFileSync(file, "utf8")).toBe(written(page));
});

test.each(CONTROLLER_NAMES)("docs/controllers/%s.md says what the tables say", (name) => {
  const file = join(import.meta.dirname, "..", "docs", "controllers", `${name}.md`);
  const page = readFileSync(file, "utf8");
  if (WRITE) writeFileSync(file, withOwnTables(name, page));
  expect(readFileSync(file, "utf8")).toBe(withOwnTables(name, page));
});

test.each(CONTROLLER_NAMES)("docs/controllers.md has a section on %s", (name) => {
  const page = readFileSync(join(import.meta.dirname, "..", "docs", "controllers.md"), "utf8");
  expect(page).toContain(`\n## \`${name}\`\n`);
});
