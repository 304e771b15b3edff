import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type ControllerName, DEFAULT_CONTROLLER } from "../../src/compile/controllers.ts";
import { parseCaseFile } from "./case-file.ts";
import type { Expectations } from "./compared.ts";
import { type Example, readExample } from "./example.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const CASES = join(ROOT, "test/cases");
const EXAMPLES = join(ROOT, "examples");

/** Every `.case` file of `test/cases`, by name. */
export function allCases(): readonly (Expectations & { readonly file: string })[] {
  return readdirSync(CASES)
    .filter((name) => name.endsWith(".case"))
    .sort()
    .map((name) => {
      const { manifests, ...read } = parseCaseFile(readFileSync(join(CASES, name), "utf8"), name);
      return { ...read, manifests: [{ file: name, text: manifests }] };
    });
}

/** The names of the folders of `examples/`. */
export function exampleFolders(): readonly string[] {
  return readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Every example, one for each of its request files. */
export function allExamples(): readonly Example[] {
  return exampleFolders().flatMap((folder) => readExample(EXAMPLES, folder));
}

/** Whose objects a folder of `examples/` holds: that of its request file, else the default. */
export function controllerOfExample(folder: string): ControllerName {
  const own = readExample(EXAMPLES, folder).map(({ options }) => options.controller);
  return own.find((name) => name === DEFAULT_CONTROLLER) ?? own[0] ?? DEFAULT_CONTROLLER;
}
