import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../../errors.ts";
import { replaceWhole } from "../../replace-whole.ts";

/** A file whose text is to be replaced, if it still holds the bytes that were read. */
export interface FileReplacement {
  /** As the user named it. */
  readonly file: string;
  /** Links followed. */
  readonly target: string;
  readonly bytes: Buffer;
  readonly text: string;
}

/**
 * Replaces files, each whole or not at all. Mode, owner and links stay. Looks at all of them before the first is written.
 *
 * @throws UserError `not-written`, with the files that are written and those that are not
 */
export async function replaceFiles(replacements: readonly FileReplacement[]): Promise<void> {
  for (const one of replacements) {
    await writable(one).catch((error: Error) => {
      throw new UserError(
        "not-written",
        `${one.file} cannot be written: ${error.message}. No file is changed.`,
      );
    });
  }
  const written: string[] = [];
  for (const [at, one] of replacements.entries()) {
    try {
      await replaceWhole(one.target, one.bytes, one.text);
      written.push(one.file);
    } catch (error) {
      const left = replacements.slice(at).map(({ file }) => file);
      const done = written.length === 0 ? "No file is changed" : `Written: ${written.join(", ")}`;
      throw new UserError(
        "not-written",
        `${one.file} cannot be written: ${(error as Error).message}. ${done}; as before: ${left.join(", ")}.`,
      );
    }
  }
}

/** A mark against writing is kept, also for root, for whom nothing is forbidden. */
async function writable({ target }: FileReplacement): Promise<void> {
  const { mode } = await stat(target);
  if ((mode & 0o222) === 0) throw new Error("it is read-only");
  await access(target, constants.W_OK);
  await access(dirname(target), constants.W_OK);
}
