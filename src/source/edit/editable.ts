import { realpath, stat } from "node:fs/promises";
import { UserError } from "../../errors.ts";
import { findFiles, readInputs } from "../inputs.ts";
import { fileId, ownOutputs } from "../outputs.ts";
import { decode, readFileBytes } from "../read-file.ts";
import { nothingFound } from "../reader.ts";
import { readStdinBytes, STDIN_NAME } from "../stdin.ts";
import { unreadError, unreadFile } from "../unread.ts";

/** A file of manifests whose text may be edited: every byte of it is known. */
export interface EditableFile {
  /** As the user named it, or its folder. */
  readonly file: string;
  /** Links followed; `undefined` for standard input. */
  readonly target: string | undefined;
  readonly bytes: Buffer;
  /** With its byte order mark. */
  readonly text: string;
  /** The user named the file itself. */
  readonly isNamed: boolean;
}

/**
 * Reads the files of all inputs, each once, under the first of its names.
 *
 * @throws UserError for an input that is not there, a file that cannot be read or is not UTF-8, or no file at all
 */
export async function readEditable(
  inputs: readonly string[],
  stdin: NodeJS.ReadableStream,
): Promise<readonly EditableFile[]> {
  const settled = await readInputs(inputs);
  const found = await findFiles(settled);
  const [unlisted] = found.problems.filter(({ code }) => code === "unreadable-file");
  if (unlisted !== undefined) throw unreadError(unlisted);
  const files: EditableFile[] = [];
  if (settled.some(({ kind }) => kind === "stdin")) files.push(await readInput(stdin));
  const outputs = ownOutputs();
  const known = new Set<string>();
  for (const file of found.files) {
    const isNamed = found.named.has(file);
    const facts = await stat(file, { bigint: true }).catch(() => undefined);
    if (facts !== undefined && outputs.has(fileId(facts)) && !isNamed) continue;
    const target = await realpath(file).catch(() => file);
    if (known.has(target)) continue;
    known.add(target);
    files.push(await readOne(file, target, isNamed));
  }
  if (files.length === 0) throw nothingFound(inputs);
  return files;
}

async function readOne(file: string, target: string, isNamed: boolean): Promise<EditableFile> {
  const read = await readFileBytes(file);
  if (read.kind !== "bytes") throw unreadFile(file, read);
  return { file, target, bytes: read.bytes, text: textOf(read.bytes, file), isNamed };
}

async function readInput(stdin: NodeJS.ReadableStream): Promise<EditableFile> {
  const bytes = await readStdinBytes(stdin);
  return { file: STDIN_NAME, target: undefined, bytes, text: textOf(bytes, STDIN_NAME), isNamed: true };
}

/** Only UTF-8 is edited: it comes back as the bytes that it was. */
function textOf(bytes: Buffer, file: string): string {
  const decoded = decode(bytes, file);
  if (decoded.kind === "problem") throw unreadError(decoded.problem);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(
      "unreadable-file",
      `${file} is UTF-16 text; only UTF-8 is edited.`,
      "Save it as UTF-8, or leave it out.",
    );
  }
}
