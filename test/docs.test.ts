import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HONOURED } from "../src/compile/ingress-nginx/annotations/features.ts";
import { OTHERWISE } from "../src/compile/ingress-nginx/annotations/otherwise.ts";
import { annotationsPage, unexplained } from "./support/annotations-page.ts";

/** `INGRESS_DEV_WRITE_DOCS=1 npx vitest run test/docs.test.ts` writes the page instead of comparing it. */
const WRITE = process.env.INGRESS_DEV_WRITE_DOCS === "1";

const file = join(import.meta.dirname, "..", "docs", "annotations.md");

test("every annotation of ingress-nginx is honoured, or it is said why not", () =>
  expect(unexplained()).toEqual([]));

test("what is said of single annotations is said of ones that are there, and honoured", () =>
  expect([...OTHERWISE.keys()].filter((name) => !HONOURED.has(name))).toEqual([]));

test("docs/annotations.md says what the tables say", () => {
  if (WRITE) writeFileSync(file, annotationsPage());
  expect(readFileSync(file, "utf8")).toBe(annotationsPage());
});
