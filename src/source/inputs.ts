import { lstat, stat } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { append } from "../append.ts";
import { CODES, UserError } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import { type Glob, isGlob, readGlob } from "./glob.ts";
import { isKustomization, isManifestName, kustomization, type Scan, scanFolder } from "./scan.ts";

export type Input =
  | { readonly kind: "stdin" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "glob"; readonly path: string; readonly glob: Glob };

export interface FoundFiles extends Scan {
  /** Files that the user named one by one: when they hold nothing, that is a problem. */
  readonly named: ReadonlySet<string>;
}

/** @throws UserError when an input does not exist */
export async function readInputs(inputs: readonly string[]): Promise<readonly Input[]> {
  return Promise.all(inputs.map(readInput));
}

async function readInput(path: string): Promise<Input> {
  if (path === "-") return { kind: "stdin" };
  try {
    const found = await stat(path);
    return { kind: found.isDirectory() ? "folder" : "file", path };
  } catch (error) {
    if (isGlob(path)) return { kind: "glob", path, glob: await readGlob(path) };
    // A link to nowhere exists, and may get a target later.
    if (await exists(path)) return { kind: "file", path };
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" || code === "ENOTDIR" ? "does not exist" : `cannot be read (${code})`;
    throw new UserError("no-such-input", `${path} ${why}.`);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Lists the files of all inputs, each once, in the order of the inputs, a folder's sorted by path. */
export async function findFiles(inputs: readonly Input[]): Promise<FoundFiles> {
  const files = new Set<string>();
  const named = new Set<string>();
  const problems: Problem[] = [];
  const unlisted: string[] = [];
  let passedOver = 0;
  for (const input of inputs) {
    if (input.kind === "stdin") continue;
    if (input.kind === "file") {
      if (isKustomization(input.path)) problems.push(kustomization(input.path, dirname(input.path)));
      else {
        files.add(input.path);
        named.add(input.path);
      }
      continue;
    }
    const scan = await scanInput(input);
    for (const file of scan.files) files.add(file);
    append(problems, scan.problems);
    append(unlisted, scan.unlisted);
    passedOver += scan.passedOver;
    if (scan.files.length === 0) problems.push(nothingIn(input));
  }
  return { files: [...files], named, problems, passedOver, unlisted };
}

async function scanInput(input: Exclude<Input, { kind: "stdin" | "file" }>): Promise<Scan> {
  if (input.kind === "folder") return scanFolder(input.path);
  const { base, depth, matches } = input.glob;
  const scan = await scanFolder(base, depth);
  const files = scan.files.filter((file) => matches(relative(base, file).replaceAll("\\", "/")));
  // Files that the pattern does not match do not count.
  return { files, problems: [], passedOver: 0, unlisted: scan.unlisted };
}

function nothingIn(input: Exclude<Input, { kind: "stdin" | "file" }>): Problem {
  const what = input.kind === "folder" ? "holds no *.yaml, *.yml or *.json file" : "matches no file";
  const message = `${input.path} ${what}`;
  return { code: "no-manifests", level: "warning", message, fix: CODES["no-manifests"], file: input.path };
}

/** A folder to watch for an input, its depth, and which of its files matter. */
export interface WatchRoot {
  readonly folder: string;
  readonly depth: number;
  readonly isFile: (path: string) => boolean;
}

/**
 * Files are watched through their folder, so that one that is replaced or made again is seen. `isOutput`: by its absolute
 * path, a file that the program itself writes.
 */
export function watchRoots(
  inputs: readonly Input[],
  isOutput: (path: string) => boolean,
): readonly WatchRoot[] {
  const isOurs = (path: string) => isOutput(resolve(path));
  return inputs.flatMap((input): readonly WatchRoot[] => {
    if (input.kind === "stdin") return [];
    if (input.kind === "file") {
      return [
        { folder: dirname(input.path), depth: 0, isFile: (path) => resolve(path) === resolve(input.path) },
      ];
    }
    if (input.kind === "folder") {
      return [
        {
          folder: input.path,
          depth: Number.POSITIVE_INFINITY,
          isFile: (path) => isWatched(path) && !isOurs(path),
        },
      ];
    }
    return [
      {
        folder: input.glob.base,
        depth: input.glob.depth,
        isFile: (path) => isManifestName(path) && !isOurs(path),
      },
    ];
  });
}

function isWatched(path: string): boolean {
  return isManifestName(path) || isKustomization(path);
}
