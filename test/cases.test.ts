import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseCaseFile } from "./support/case-file.ts";
import { compareAll } from "./support/compared.ts";
import { fakeCertificates } from "./support/fake-certificates.ts";

const folder = join(import.meta.dirname, "cases");
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".case"))
  .sort()
  .map((name) => parseCaseFile(readFileSync(join(folder, name), "utf8"), name));

const certificates = fakeCertificates();
afterAll(() => certificates.close());

test("there are cases to run", () => expect(cases.length).toBeGreaterThan(40));

describe.each(cases)("$file", ({ file, manifests, ...expectations }) =>
  compareAll({ manifests: [{ file, text: manifests }], ...expectations }, certificates));
