import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundle } from "../build/bundle.ts";

const root = join(import.meta.dirname, "..");
const LATE = /(?:const \{([^}]*)\} = )?\(?await import\("([^."][^"]*)"\)\)?(?:\.(\w+))?/g;

/** What our sources take of a package that they load when first needed: `[package, name]`. */
function takenLate(): readonly (readonly [string, string])[] {
  const files = ["src", "ui", "certs"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(root, folder, name)),
  );
  return files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(LATE)].flatMap(([, listed = "", from = "", name = ""]) =>
      [...listed.split(","), name]
        .map((text) => text.replace(/:.*/, "").trim())
        .filter((text) => text !== "")
        .map((text) => [from, text] as const),
    ),
  );
}

test("a package that is loaded late gives in the bundle what the sources take of it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { outputs } = await bundle(folder);
  const exported = (name: string) =>
    Object.values(outputs).find(({ entryPoint }) => entryPoint?.includes(`node_modules/${name}/`))?.exports;
  const taken = takenLate();
  expect(taken.length).toBeGreaterThan(5);
  // A CommonJS package has nothing but its default.
  expect(taken.filter(([from, name]) => exported(from)?.includes(name) !== true)).toEqual([]);
});
