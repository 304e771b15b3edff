import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compareAll } from "./support/compared.ts";
import { readExample } from "./support/example.ts";
import { fakeCertificates } from "./support/fake-certificates.ts";

const root = join(import.meta.dirname, "..", "examples");
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

const certificates = fakeCertificates();
afterAll(() => certificates.close());

test("there are examples to run", () => expect(folders.length).toBeGreaterThan(10));

test.each(folders)("%s has a README, manifests and requests", (folder) => {
  expect(readdirSync(join(root, folder))).toContain("README.md");
  const examples = readExample(root, folder);
  expect(examples.length).toBeGreaterThan(0);
  for (const { manifests, requests } of examples) {
    expect(manifests.length).toBeGreaterThan(0);
    expect(requests.length).toBeGreaterThan(0);
  }
});

describe.each(folders.flatMap((folder) => readExample(root, folder)))("$name", (example) =>
  compareAll(example, certificates));
