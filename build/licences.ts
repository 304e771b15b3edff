import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bundle.ts";

interface Package {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly licence: string;
  readonly folder: string;
}

const TEXT_FILE = /^(?:un)?licen[sc]e|^copying/i;

/** Packages whose licence is MIT by their package.json, but which come without its text: who holds the copyright. */
const WITHOUT_TEXT: Readonly<Record<string, string>> = {
  // The author by its package.json.
  "abstract-logging": "Copyright (c) James Sumners",
  // The head of each of its sources.
  "yoga-layout": "Copyright (c) Meta Platforms, Inc. and affiliates.",
};

/** The packages that files belong to, by name. */
export function packagesOf(files: readonly string[]): readonly Package[] {
  const folders = files.map((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? "");
  return [...new Set(folders)].map(readPackage).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readPackage(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (typeof license !== "string") throw new Error(`${folder}/package.json names no licence`);
  return { name, version, licence: license, folder };
}

/** The texts of a package's licence. @throws Error if it comes without */
function licenceTexts({ name, licence, folder }: Package): readonly string[] {
  const files = readdirSync(folder).filter((file) => TEXT_FILE.test(file));
  if (files.length > 0) return files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  const holder = WITHOUT_TEXT[name];
  if (holder === undefined || licence !== "MIT")
    throw new Error(`${name} (${licence}) comes without the text of its licence: build/licences.ts needs it`);
  const ours = readFileSync(join(ROOT, "LICENSE"), "utf8").trim();
  return [ours.replace(/^Copyright .*$/m, holder)];
}

/** All of them in one text, for the published package. */
export function licencesText(packages: readonly Package[]): string {
  const parts = packages.map((entry) => {
    const title = `${entry.name} ${entry.version} (${entry.licence})`;
    return [title, "-".repeat(title.length), "", ...licenceTexts(entry)].join("\n");
  });
  const about = "The program is bundled with these packages. Each stands under its own licence.";
  return `${[about, ...parts].join("\n\n\n")}\n`;
}
