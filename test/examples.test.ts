import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allExamples, exampleFolders } from "./support/all-cases.ts";
import { compareFunctions } from "./support/compared.ts";

const folders = exampleFolders();
const examples = allExamples();

test("there are examples to run", () => expect(folders.length).toBeGreaterThan(10));

test.each(folders)("%s has a README, manifests and requests", (folder) => {
  expect(readdirSync(join(import.meta.dirname, "../examples", folder))).toContain("README.md");
  const own = examples.filter((example) => example.folder === folder);
  expect(own.length).toBeGreaterThan(0);
  for (const { manifests, requests } of own) {
    expect(manifests.length).toBeGreaterThan(0);
    expect(requests.length).toBeGreaterThan(0);
  }
});

describe.each(examples)("$name", compareFunctions);
