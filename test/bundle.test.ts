import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundle } from "../build/bundle.ts";

/** `let{a,b:c}=await import("./part.js")`, unless what is loaded is made fit first, as a CommonJS package is. */
const TAKEN = /\{([^{}]*)\}=await import\([`"']\.\/([^`"')]+)[`"']\)(?!\.then)/g;

test("each part that is loaded late has what is taken of it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const chunks = await bundle(folder);
  const exported = new Map(chunks.map(({ fileName, exports }) => [fileName, exports]));
  const taken = chunks.flatMap(({ code }) =>
    [...code.matchAll(TAKEN)].flatMap(([, names = "", file = ""]) =>
      names.split(",").map((name) => [file, name.replace(/:.*/, "")] as const),
    ),
  );
  expect(taken.length).toBeGreaterThan(20);
  expect(taken.filter(([file, name]) => exported.get(file)?.includes(name) !== true)).toEqual([]);
});
