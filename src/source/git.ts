import { posix } from "node:path";
import { UserError } from "../errors.ts";
import { catFiles } from "./git/cat-files.ts";
import { listTree } from "./git/list-tree.ts";
import { createGit, type Git } from "./git/run-git.ts";
import { inScanOrder, isManifestPath } from "./scan.ts";
import type { NamedBytes } from "./texts.ts";

/** A folder or file of a revision, as for `git show REV:PATH`. */
export interface GitInput {
  readonly revision: string;
  /** From the repository's root; with `./` or `../` from the current folder, as empty. */
  readonly path: string;
}

/**
 * The manifests of a revision, read through the user's own git. Nothing is checked out or written.
 *
 * @throws UserError `git-unusable`, `no-such-revision`, `no-such-input`
 */
export async function readRevision(
  { revision, path }: GitInput,
  surroundings: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<readonly NamedBytes[]> {
  const git = createGit(surroundings);
  const prefix = (await git.text(["rev-parse", "--show-prefix"])).replace(/\r?\n$/, "");
  const tree = await treeOf(git, revision);
  const written = path === "" ? "./" : path;
  const inside = insideOf(written, prefix, revision);
  const listed = await listTree(git, tree, inside);
  const name = `git:${revision}:${written}`;
  if (listed.length === 0)
    throw new UserError(
      "no-such-input",
      `${name} does not exist: revision ${revision} has no ${inside || "files"}.`,
      hintAt(path, prefix),
    );
  const isFile = listed.length === 1 && listed[0]?.path === inside;
  const below = (full: string) => (inside === "" ? full : full.slice(inside.length + 1));
  const wanted = isFile ? listed : listed.filter((entry) => isManifestPath(below(entry.path)));
  const files = wanted.map((entry) => ({
    ...entry,
    name: isFile ? name : joinedName(name, below(entry.path)),
  }));
  return catFiles(git, tree, inScanOrder(files));
}

async function treeOf(git: Git, revision: string): Promise<string> {
  // git would read it as an option.
  const found = revision.startsWith("-")
    ? undefined
    : await git.tryText(["rev-parse", "--verify", "--quiet", `${revision}^{tree}`]);
  if (found === undefined)
    throw new UserError("no-such-revision", `git:${revision}: this repository has no revision ${revision}.`);
  return found.trim();
}

/** The path from the root, without slash at its end. `""`: the root */
function insideOf(path: string, prefix: string, revision: string): string {
  const isRelative = /^\.{1,2}(?:\/|$)/.test(path);
  const full = posix.normalize(isRelative ? posix.join(prefix, path) : path).replace(/\/+$/, "");
  if (full === ".." || full.startsWith("../") || full.startsWith("/"))
    throw new UserError("no-such-input", `git:${revision}:${path} is outside of the repository.`);
  return full === "." ? "" : full;
}

function hintAt(path: string, prefix: string): string {
  if (prefix === "" || path.startsWith("."))
    return "Name a path that the revision has: git ls-tree -r --name-only REV lists them.";
  return `PATH is from the repository's root. From the current folder it is ./${path}`;
}

function joinedName(folder: string, path: string): string {
  return folder.endsWith("/") ? folder + path : `${folder}/${path}`;
}
