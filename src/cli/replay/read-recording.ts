import { resolve } from "node:path";
import { UserError } from "../../errors.ts";
import { type Har, MOST_HAR_BYTES, readHar, tooLargeHar } from "../../har/read-har.ts";
import { readFileBytes } from "../../source/read-file.ts";

/** Reads a HAR file whole. @throws UserError with file and line */
export async function readRecording(file: string, cwd: string): Promise<Har> {
  const read = await readFileBytes(resolve(cwd, file), { name: file, most: MOST_HAR_BYTES });
  if (read.kind === "gone")
    throw new UserError("no-such-input", `There is no ${file}.`, "Check the path of the HAR file.");
  if (read.kind === "problem") {
    const { code, message } = read.problem;
    throw code === "file-too-large" ? tooLargeHar(file) : new UserError("unreadable-file", `${message}.`);
  }
  return readHar(file, read.bytes);
}
