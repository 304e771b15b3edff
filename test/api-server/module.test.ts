import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../support/api-server");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
);

/** Imports from outside the folder. */
function outside(file: string): readonly string[] {
  const text = readFileSync(join(folder, file), "utf8");
  return [...text.matchAll(/from "([^"]+)"/g)]
    .map((found) => found[1] ?? "")
    .filter((target) => !target.startsWith("node:"))
    .filter((target) => !target.startsWith(".") || join(file, "..", target).startsWith(".."));
}

test("the API server could be published alone: three libraries, and the project's validation in one file", () => {
  const found = files.flatMap((file) => outside(file).map((target) => `${file} ${target}`));
  const libraries = new Set(
    found.map((one) => one.split(" ")[1]).filter((target) => !target?.startsWith(".")),
  );
  expect([...libraries].sort()).toEqual(["node-forge", "ws", "yaml"]);
  expect(found.filter((one) => one.includes(" ."))).toEqual(["validation.ts ../parse-manifest.ts"]);
});
