import type { Git } from "./run-git.ts";

export interface TreeEntry {
  /** From the root. */
  readonly path: string;
  readonly kind: "file" | "link" | "repository";
  readonly hash: string;
  /** unit: bytes */
  readonly size: number;
}

/** Everything below a path, or the file itself; nothing, if it is not there. `""`: the root */
export async function listTree(git: Git, tree: string, path: string): Promise<readonly TreeEntry[]> {
  const args = ["ls-tree", "-r", "-z", "-l", "--full-tree", tree];
  const text = await git.text(path === "" ? args : [...args, "--", path]);
  return text.split("\0").flatMap(entryOf);
}

/** `100644 blob HASH    SIZE<tab>PATH` */
function entryOf(line: string): readonly TreeEntry[] {
  const [, mode, hash = "", size, path = ""] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
  if (mode === undefined) return [];
  const kind = mode === "120000" ? "link" : mode === "160000" ? "repository" : "file";
  return [{ path, kind, hash, size: Number(size) || 0 }];
}
