import { UserError } from "../errors.ts";
import { parseInTurns } from "./parse-in-turns.ts";
import { decode, MAX_BYTES } from "./read-file.ts";
import { type Content, contentOfText, emptyText, type OnText } from "./store.ts";

export const STDIN_NAME = "<stdin>";

/**
 * Reads a stream to its end, as one file.
 *
 * @throws UserError when it is not text.
 */
export async function readStdin(
  stdin: NodeJS.ReadableStream,
  namespace: string,
  onText?: OnText,
): Promise<Content> {
  const read = decode(await readStdinBytes(stdin), STDIN_NAME);
  if (read.kind === "problem") throw new UserError("unreadable-file", `${read.problem.message}.`);
  const text = read.kind === "text" ? read.text : "";
  onText?.(STDIN_NAME, text);
  const parsed = await parseInTurns(text, STDIN_NAME, namespace);
  // The program that writes it may have failed, and a pipe does not tell.
  const problems = emptyText(STDIN_NAME, "standard input", parsed, parsed.passedOver);
  return { ...contentOfText(STDIN_NAME, parsed), problems };
}

/** @throws UserError when it is too large */
export async function readStdinBytes(stdin: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw new UserError("file-too-large", "Standard input is larger than 64 MiB.");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
