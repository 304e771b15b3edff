import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CODES } from "../src/errors.ts";

const file = join(import.meta.dirname, "..", "docs", "errors.md");
const text = readFileSync(file, "utf8");
const sections = new Map(
  text
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split("\n")[0]?.replaceAll("`", "").trim(), section] as const),
);

/** The section to write for a code without one. */
const template = (code: string, fix: string) =>
  `docs/errors.md lacks the code "${code}". Add it under the part of the program that it comes from:\n\n### \`${code}\`\n\nWhat it means, in a sentence or two.\n\n**Next step:** ${fix}\n`;

test.each(Object.entries(CODES))("docs/errors.md explains %s and gives its next step", (code, fix) => {
  const section = sections.get(code);
  expect(section, template(code, fix)).toBeDefined();
  expect(section, `the next step of "${code}" in src/errors.ts is: ${fix}`).toContain(
    `**Next step:** ${fix}`,
  );
  const meaning = section?.split("\n").slice(1).join("\n").split("**Next step:**")[0]?.trim() ?? "";
  expect(meaning.length, `"${code}" needs a sentence that says what it means`).toBeGreaterThan(30);
});

test("docs/errors.md explains no code that is no more", () => {
  expect([...sections.keys()].filter((code) => !Object.hasOwn(CODES, code ?? ""))).toEqual([]);
});
