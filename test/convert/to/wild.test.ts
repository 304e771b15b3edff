import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { TARGET_NAMES } from "../../../src/convert/to/target-names.ts";
import { runHere } from "../../cli/in-process.ts";
import { UNNAMED } from "./wild.ts";

const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "convert-wild-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function section(text: string, name: string): string {
  return new RegExp(`^=== ${name}\\n([\\s\\S]*?)(?=^=== )`, "m").exec(text)?.[1] ?? "";
}

/** Cases of ingress-nginx, as files. */
const cases = readdirSync(join(root, "test/cases"))
  .filter((name) => name.endsWith(".case"))
  .flatMap((name): readonly (readonly [name: string, path: string])[] => {
    const text = readFileSync(join(root, "test/cases", name), "utf8");
    const manifests = section(text, "manifests");
    if (manifests === "" || section(text, "options").includes("--controller ")) return [];
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, manifests);
    return [[name, path]];
  });
const examples = readdirSync(join(root, "examples")).map(
  (name) => [`examples/${name}`, join(root, "examples", name)] as const,
);

interface Compared {
  readonly compared: readonly { readonly requests: number; readonly unnamed: readonly unknown[] }[];
}

describe.each(TARGET_NAMES)("to %s", (target) => {
  test.each([...examples, ...cases])("%s differs by what is said alone", async (name, path) => {
    const { stdout, stderr } = await runHere([
      ...["convert", "--to", target, "--controller", "ingress-nginx", "-o", "json", path],
    ]);
    expect(stderr).toBe("");
    const { compared }: Compared = JSON.parse(stdout);
    const unnamed = compared.flatMap((side) => side.unnamed);
    if (UNNAMED[target]?.[name] === undefined) expect(unnamed).toEqual([]);
    else expect(unnamed, "it may be taken off the list").not.toEqual([]);
  });
});
