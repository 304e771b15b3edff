import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { CODES } from "../errors.ts";
import type { Problem } from "../model/problem.ts";

export interface Scan {
  /** Files that may hold manifests, sorted by path, named as the folder was. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  /** Number of files whose name shows that they hold none: `package.json`, `docker-compose.yml`. */
  readonly passedOver: number;
  /** Folders that cannot be listed: their contents are unknown. */
  readonly unlisted: readonly string[];
}

const MANIFEST = /\.(?:ya?ml|json)$/i;
/** Files of other programs by name, and our own. The values of a chart are recognised when they are read. */
const OTHERS =
  /^(?:ingress-dev\.ya?ml|package(?:-lock)?\.json|tsconfig.*\.json|(?:docker-)?compose(?:\..*)?\.ya?ml|pnpm-lock\.yaml|pnpm-workspace\.yaml|skaffold\.ya?ml|Chart\.ya?ml|biome\.json|\.[^/]*)$/;
const KUSTOMIZATION = /^(?:kustomization\.ya?ml|Kustomization)$/;

export function isManifestName(path: string): boolean {
  const name = basename(path);
  return MANIFEST.test(name) && !OTHERS.test(name) && !KUSTOMIZATION.test(name);
}

/** True for a skipped folder. */
export function isIgnoredFolder(path: string): boolean {
  const name = basename(path);
  return name === "node_modules" || (name.startsWith(".") && name !== "." && name !== "..");
}

/**
 * Finds the manifests in a folder and the folders below it, at most `depth` down. Links are followed; each folder is
 * visited once, so a loop of links ends. A folder that cannot be listed is a problem, not an error.
 */
export async function scanFolder(folder: string, depth = Number.POSITIVE_INFINITY): Promise<Scan> {
  const found: Found = { files: [], problems: [], passedOver: 0, unlisted: [], visited: new Set() };
  await visit(folder, depth, found);
  found.files.sort(byText);
  return found;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** Sorts files that are on no disk as `scanFolder` does. */
export function inScanOrder<F extends { readonly path: string }>(files: readonly F[]): readonly F[] {
  return [...files].sort((a, b) => byText(a.path, b.path));
}

/** True if a search of the folder that a path starts from finds it; also for kustomize's input, which is a notice. */
export function isManifestPath(path: string): boolean {
  const folders = path.split("/").slice(0, -1);
  return !folders.some(isIgnoredFolder) && (isManifestName(path) || isKustomization(path));
}

interface Found {
  readonly files: string[];
  readonly problems: Problem[];
  passedOver: number;
  readonly unlisted: string[];
  readonly visited: Set<string>;
}

async function visit(folder: string, depth: number, found: Found): Promise<void> {
  const entries = await list(folder, found);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(path)));
    if (isFolder) {
      if (depth > 0 && !isIgnoredFolder(path)) await visit(path, depth - 1, found);
      // A folder with a manifest's name is searched like any other.
    } else if (KUSTOMIZATION.test(entry.name)) {
      found.problems.push(kustomization(path, folder));
    } else if (isManifestName(path)) {
      found.files.push(path);
    } else if (MANIFEST.test(entry.name)) {
      found.passedOver++;
    }
  }
}

const GONE = new Set(["ENOENT", "ENOTDIR"]);

async function list(folder: string, found: Found): Promise<readonly Dirent[]> {
  try {
    const real = await realpath(folder);
    if (found.visited.has(real)) return [];
    found.visited.add(real);
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (!GONE.has((error as NodeJS.ErrnoException).code ?? "")) found.unlisted.push(folder);
    const message = `${folder} cannot be listed: ${(error as Error).message}`;
    found.problems.push({
      code: "unreadable-file",
      level: "error",
      message,
      fix: CODES["unreadable-file"],
      file: folder,
    });
    return [];
  }
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** kustomize's input differs from its output, so the file itself is not read. */
export function kustomization(path: string, folder: string): Problem {
  return {
    code: "kustomization",
    level: "notice",
    message: `${path} is passed over: the manifests are read as they are, not as kustomize would build them`,
    fix: `To serve what it builds: kubectl kustomize ${folder} | ingress-dev up -`,
    file: path,
  };
}

export function isKustomization(path: string): boolean {
  return KUSTOMIZATION.test(basename(path));
}
