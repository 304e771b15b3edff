import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../../errors.ts";
import { type Har, readHar } from "../../har/read-har.ts";

/** Longer than any recording that a person makes, and than a text of V8. unit: bytes */
const MOST_BYTES = 512 * 1024 * 1024;

/** Reads a HAR file whole. @throws UserError with file and line */
export async function readRecording(file: string, cwd: string): Promise<Har> {
  return readHar(file, await bytesOf(file, resolve(cwd, file)));
}

async function bytesOf(file: string, path: string): Promise<Buffer> {
  // A pipe that nobody writes to would be waited for.
  const mode = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, mode).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR")
      throw new UserError("no-such-input", `There is no ${file}.`, "Check the path of the HAR file.");
    throw new UserError("unreadable-file", `${file} cannot be read: ${error.message}.`);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new UserError("unreadable-file", `${file} is not a regular file.`);
    if (found.size > MOST_BYTES)
      throw new UserError(
        "file-too-large",
        `${file} is larger than ${MOST_BYTES / 1024 ** 2} MiB.`,
        "Record less at a time, or leave bodies out of the export.",
      );
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
