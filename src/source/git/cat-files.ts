import { MAX_BYTES } from "../read-file.ts";
import type { NamedBytes } from "../texts.ts";
import type { TreeEntry } from "./list-tree.ts";
import type { Git } from "./run-git.ts";

type Wanted = TreeEntry & { readonly name: string };

/** The contents of files, in their order. Links are followed within the revision. */
export async function catFiles(
  git: Git,
  tree: string,
  files: readonly Wanted[],
): Promise<readonly NamedBytes[]> {
  const asked = files.filter(isReadable);
  // A name with a line break cannot be asked for by its path.
  const lines = asked.map(
    (file) => `${file.kind === "link" && !file.path.includes("\n") ? `${tree}:${file.path}` : file.hash}\n`,
  );
  const output =
    asked.length === 0
      ? Buffer.alloc(0)
      : await git.bytes(["cat-file", "--batch", "--follow-symlinks"], lines.join(""));
  const contents = objectsIn(output, asked.length);
  const found = new Map(asked.map((file, at) => [file, contents[at]]));
  return files.map((file) => {
    const { name } = file;
    if (file.kind === "repository") return { name, unreadable: "belongs to a submodule, which is not read" };
    if (!isReadable(file)) return { name, unreadable: `is larger than ${MAX_BYTES / 1024 / 1024} MiB` };
    const bytes = found.get(file);
    return bytes === undefined
      ? { name, unreadable: "is a link that leads to no file of the revision" }
      : { name, bytes };
  });
}

function isReadable({ kind, size }: TreeEntry): boolean {
  return kind !== "repository" && size <= MAX_BYTES;
}

/** `HASH blob SIZE`, and the bytes; or two lines on a link that leads nowhere: `dangling SIZE`, and the name. */
function objectsIn(output: Buffer, count: number): readonly (Buffer | undefined)[] {
  const contents: (Buffer | undefined)[] = [];
  let at = 0;
  while (contents.length < count) {
    const end = output.indexOf(10, at);
    if (end === -1) return contents;
    const head = output.toString("utf8", at, end);
    const [, kind, size] = /^(?:[0-9a-f]+ )?(blob|tree|dangling|loop|notdir|symlink) (\d+)$/.exec(head) ?? [];
    at = end + 1;
    if (kind === undefined) {
      contents.push(undefined);
      continue;
    }
    const length = Number(size);
    contents.push(kind === "blob" ? output.subarray(at, at + length) : undefined);
    at += length + 1;
  }
  return contents;
}
