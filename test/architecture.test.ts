import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/**
 * Who may import whom. A place is a folder (`src/match`) or one file of it that has a layer of its own
 * (`src/hosts/file`); a place that is not in the table fails.
 */
const SHARED = [
  "src/model",
  "src/errors",
  "src/closest",
  "src/append",
  "src/contain",
  "src/tls-versions",
  "src/internal",
];
const PURE = [
  "src/yaml",
  "src/pcre",
  "src/request",
  "src/manifest",
  "src/service",
  "src/compile",
  "src/match",
  "src/hosts/block",
  "src/proxy/exchange/headers",
  "src/proxy/exchange/forwarded-headers",
  "src/proxy/exchange/pages",
];
const MAY_IMPORT: Record<string, readonly string[]> = {
  "src/model": [],
  "src/errors": [],
  "src/closest": [],
  "src/append": [],
  "src/internal": ["src/model", "src/errors"],
  "src/contain": [],
  // Reads HTTP/1 for whoever answers it: it knows nothing of what is asked.
  "src/http1": [],
  "src/tls-versions": [],
  "src/yaml": [],
  "src/pcre": ["src/model"],
  "src/manifest": [...SHARED, "src/yaml"],
  "src/request": SHARED,
  "src/match": [...SHARED, "src/request"],
  "src/service": [...SHARED, "src/request"],
  "src/compile": [...SHARED, "src/pcre", "src/request", "src/match", "src/service"],
  "src/hosts/block": SHARED,
  "src/proxy/exchange/headers": SHARED,
  "src/proxy/exchange/forwarded-headers": [...SHARED, "src/proxy/exchange/headers"],
  "src/proxy/exchange/pages": SHARED,
  "src/source": [...SHARED, ...PURE],
  "src/kube": [...SHARED, ...PURE],
  "src/upstream": [...SHARED, ...PURE, "src/http1"],
  "src/proxy": [...SHARED, ...PURE, "src/http1"],
  "src/hosts": [...SHARED, ...PURE],
  certs: [...SHARED, ...PURE],
  ui: [...SHARED, ...PURE],
  "src/cli": ["*"],
  "src/main": ["src/cli", ...SHARED],
};

const root = resolve(import.meta.dirname, "..");
const files = ["src", "ui", "certs"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name)),
);

/** The most particular entry of the table that covers a file. */
function placeOf(file: string): string | undefined {
  const path = file.replace(/\.tsx?$/, "");
  return Object.keys(MAY_IMPORT)
    .filter((place) => path === place || path.startsWith(`${place}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((found) =>
    relative(root, resolve(root, dirname(file), found[1] ?? "")),
  );
}

test("there are files to look at", () => expect(files.length).toBeGreaterThan(5));

test.each(files)("%s imports only what its layer may", (file) => {
  const place = placeOf(file);
  expect(place, `${file} is in no folder of MAY_IMPORT`).toBeDefined();
  const allowed = MAY_IMPORT[place ?? ""] ?? [];
  const wrong = importsOf(file).filter((target) => {
    const to = placeOf(target);
    return !(to === place || allowed.includes("*") || (to !== undefined && allowed.includes(to)));
  });
  expect(wrong).toEqual([]);
});

/** A list spread into a call goes over the stack, which is full where a manifest makes it some 120,000 long. */
const ON_THE_STACK =
  /\.(?:push|unshift|splice)\((?:[^(){}]*, )?\.\.\.|(?:Math\.(?:max|min)|from(?:CharCode|CodePoint))\((?:[^{}]*, )?\.\.\./;

test.each(files)("%s spreads no list into a call", (file) => {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  expect(lines.filter((line) => ON_THE_STACK.test(line))).toEqual([]);
});
