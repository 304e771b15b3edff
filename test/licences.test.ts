import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { licencesText, packagesOf } from "../build/licences.ts";

/** A file of a package in a folder of its own. */
function packaged(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-licences-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const about = (licence: unknown, name = "left") =>
  JSON.stringify({ name, version: "1.2.3", license: licence });

test.each([
  ["LICENSE", { LICENSE: "Do as you like.\n" }, ["Do as you like."]],
  ["both of two", { "LICENSE-MIT": "Either.", "licence.txt": "Or." }, ["Either.", "Or."]],
  ["COPYING.md", { "COPYING.md": "Copies." }, ["Copies."]],
])("the text of a package's licence is taken from %s", (_what, files, texts) => {
  const folder = packaged({ "package.json": about("MIT"), ...files });
  const text = licencesText([{ name: "left", version: "1.2.3", licence: "MIT", folder }]);
  expect(text).toContain(["left 1.2.3 (MIT)", "----------------", "", ...texts].join("\n"));
});

test("a package without the text of its licence ends the build", () => {
  const folder = packaged({ "package.json": about("MIT"), "README.md": "MIT" });
  expect(() => licencesText([{ name: "left", version: "1.2.3", licence: "MIT", folder }])).toThrow(
    "left (MIT) comes without the text of its licence",
  );
});

test("MIT's own words stand for a package that is known to come without them, and for no other licence", () => {
  const folder = packaged({ "package.json": about("MIT", "yoga-layout") });
  const layout = { name: "yoga-layout", version: "3.2.1", licence: "MIT", folder };
  const text = licencesText([layout]);
  expect(text).toContain(
    "Copyright (c) Meta Platforms, Inc. and affiliates.\n\nPermission is hereby granted",
  );
  expect(text).not.toContain("ingress-dev authors");
  expect(() => licencesText([{ ...layout, licence: "BSD-3-Clause" }])).toThrow("comes without");
});

test("each package is listed once, by name, in an installation of several levels", () => {
  const files = ["fastify/fastify.js", "@fastify/error/index.js", "fastify/lib/errors.js"];
  const folder = join(import.meta.dirname, "../node_modules");
  expect(packagesOf(files.map((file) => join(folder, file))).map(({ name }) => name)).toEqual([
    "@fastify/error",
    "fastify",
  ]);
});
