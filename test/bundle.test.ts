import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OutputChunk } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "../build/bundle.ts";

/** `let{a,b:c}=await import("./part.js")`, unless what is loaded is made fit first, as a CommonJS package is. */
const TAKEN = /\{([^{}]*)\}=await import\([`"']\.\/([^`"')]+)[`"']\)(?!\.then)/g;

const folder = mkdtempSync(join(tmpdir(), "ingress-dev-bundle-"));
let chunks: readonly OutputChunk[] = [];
beforeAll(async () => {
  chunks = await bundle(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("each part that is loaded late has what is taken of it", () => {
  const exported = new Map(chunks.map(({ fileName, exports }) => [fileName, exports]));
  const taken = chunks.flatMap(({ code }) =>
    [...code.matchAll(TAKEN)].flatMap(([, names = "", file = ""]) =>
      names.split(",").map((name) => [file, name.replace(/:.*/, "")] as const),
    ),
  );
  expect(taken.length).toBeGreaterThan(20);
  expect(taken.filter(([file, name]) => exported.get(file)?.includes(name) !== true)).toEqual([]);
});

test("what custom resources are judged by is loaded with the first of them, a group at a time", () => {
  const holding = (part: RegExp) => chunks.filter(({ moduleIds }) => moduleIds.some((id) => part.test(id)));
  const schemas = holding(/manifest[\\/]custom[\\/]schemas[\\/]/);
  const judging = holding(/manifest[\\/]custom[\\/](?:read|validate|rules)\.ts$/);
  expect(schemas.map(({ moduleIds }) => moduleIds.length)).toEqual(schemas.map(() => 1));
  expect(schemas).toHaveLength(6);
  expect(judging).toHaveLength(1);
  const late = new Set([...schemas, ...judging].map(({ fileName }) => fileName));
  const early = chunks.filter(({ imports }) => imports.some((file) => late.has(file)));
  expect(early.map(({ fileName }) => fileName)).toEqual([]);
});
