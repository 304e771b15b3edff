import { type BigIntStats, fstatSync } from "node:fs";

/** Device and inode: the same file under any name. */
export type FileId = string;

export function fileId({ dev, ino }: Pick<BigIntStats, "dev" | "ino">): FileId {
  return `${dev} ${ino}`;
}

/**
 * The files that standard output and standard error are written to. They may be in a folder of manifests (`up . -o json >
 * log.json`), but hold none, and are not looked at each time a line is added.
 */
export function ownOutputs(): ReadonlySet<FileId> {
  return new Set(
    [1, 2].flatMap((descriptor) => {
      try {
        const facts = fstatSync(descriptor, { bigint: true });
        return facts.isFile() ? fileId(facts) : [];
      } catch {
        // It is closed.
        return [];
      }
    }),
  );
}
