import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CONTROLLER_NAMES } from "../../src/compile/controllers.ts";
import { convertText } from "../../src/convert/convert.ts";
import type { ManifestText } from "../support/compiled-case.ts";
import { behaviours } from "./behaviour.ts";

const root = join(import.meta.dirname, "../..");

/** The manifests of a folder, or the first section of a case. */
function manifestsOf(path: string): readonly ManifestText[] {
  if (path.endsWith(".case")) {
    const text = /^=== manifests\n([\s\S]*?)(?=^=== )/m.exec(readFileSync(join(root, path), "utf8"))?.[1];
    return [{ file: path, text: text ?? "" }];
  }
  return readdirSync(join(root, path), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => ({ file: name, text: readFileSync(join(root, path, name), "utf8") }));
}

const isOld = ({ text }: ManifestText) =>
  /apiVersion: (?:extensions|networking\.k8s\.io)\/v1beta1/.test(text);
const sets = [
  ...readdirSync(join(root, "examples")).map((name) => `examples/${name}`),
  ...readdirSync(join(root, "test/cases"))
    .filter((name) => name.endsWith(".case"))
    .map((name) => `test/cases/${name}`),
]
  .map((path) => ({ path, texts: manifestsOf(path) }))
  .filter(({ texts }) => texts.length > 0);
const isReadable = ({ file, text }: ManifestText) => convertText(text, file).problems.length === 0;
const old = sets.filter(({ texts }) => texts.some(isOld) && texts.every(isReadable));

test("there are old versions among them", () => expect(old.length).toBeGreaterThan(1));

describe.each(CONTROLLER_NAMES)("for %s", (controller) => {
  test.each(old)("$path routes after as before", async ({ texts }) => {
    const after = texts.map(({ file, text }) => {
      const converted = convertText(text, file);
      expect(converted.problems).toEqual([]);
      return { file, text: converted.text };
    });
    expect(after).not.toEqual(texts);
    expect(after.filter(isOld)).toEqual([]);
    const [old, converted] = await behaviours(texts, after, controller);
    expect(converted).toEqual(old);
    expect(old.outcomes.length).toBeGreaterThan(10);
  });
});

test("manifests of the new version stay byte for byte", () => {
  const others = sets.filter((set) => !old.includes(set)).flatMap(({ texts }) => texts);
  const changed = others.filter(({ file, text }) => convertText(text, file).text !== text);
  expect(others.length).toBeGreaterThan(100);
  expect(changed).toEqual([]);
});
