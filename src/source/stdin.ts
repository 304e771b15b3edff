import { UserError } from "../errors.ts";
import { parseInTurns } from "./parse-in-turns.ts";
import { decode, MAX_BYTES } from "./read-file.ts";
import { type Content, contentOfText, type OnText } from "./store.ts";

/**
 * Reads a stream to its end, as one file named `<stdin>`.
 *
 * @throws UserError when it is not text.
 */
export async function readStdin(
  stdin: NodeJS.ReadableStream,
  namespace: string,
  onText?: OnText,
): Promise<Content> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw new UserError("file-too-large", "Standard input is larger than 64 MiB.");
    chunks.push(bytes);
  }
  const read = decode(Buffer.concat(chunks), "<stdin>");
  if (read.kind === "problem") throw new UserError("unreadable-file", `${read.problem.message}.`);
  const text = read.kind === "text" ? read.text : "";
  onText?.("<stdin>", text);
  return contentOfText("<stdin>", await parseInTurns(text, "<stdin>", namespace));
}
