import { UserError } from "../../../errors.ts";
import { LineSplitter } from "../../../har/access-log/line-splitter.ts";
import { beginsHar } from "../../../har/begins-har.ts";
import { type Har, MOST_HAR_BYTES, readHar, tooLargeHar } from "../../../har/read-har.ts";
import { STDIN_NAME } from "../../../source/stdin.ts";

/** Gets the lines of a log as they come, or a HAR whole. */
export interface InputTaker {
  readonly line: (line: string, isWhole: boolean) => void;
  readonly har: (har: Har) => void;
}

/** Enough to tell what it is. unit: bytes */
const BEGINNING = 4096;

/** Reads standard input: a HAR, or a log of any length. @throws UserError for what is neither */
export async function readInput(stdin: NodeJS.ReadableStream, taker: InputTaker): Promise<void> {
  const splitter = new LineSplitter(taker.line);
  let kind = "unknown" as "unknown" | "har" | "log";
  let pieces: Buffer[] = [];
  let size = 0;
  const decide = () => {
    const bytes = Buffer.concat(pieces);
    kind = kindOf(bytes);
    if (kind === "har") return;
    splitter.push(bytes);
    pieces = [];
  };
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (kind === "log") {
      splitter.push(bytes);
      continue;
    }
    pieces.push(bytes);
    if (size > MOST_HAR_BYTES) throw tooLargeHar("The HAR on standard input");
    if (kind === "unknown" && size >= BEGINNING) decide();
  }
  if (size === 0) throw new UserError("bad-log", "Standard input is empty.");
  if (kind === "unknown") decide();
  if (kind === "har") taker.har(readHar(STDIN_NAME, Buffer.concat(pieces)));
  else splitter.end();
}

function kindOf(bytes: Buffer): "har" | "log" {
  const [a, b] = bytes;
  if ((a === 0x1f && b === 0x8b) || bytes.subarray(0, 4).equals(ZSTD))
    throw new UserError(
      "bad-log",
      "Standard input is compressed.",
      "Decompress it first: gunzip -c access.log.gz | ingress-dev explain -",
    );
  const isWide = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  if (!isWide && bytes.subarray(0, BEGINNING).includes(0))
    throw new UserError("bad-log", "Standard input is binary, and no log.");
  const text = a === 0xff ? bytes.toString("utf16le", 2) : bytes.toString("utf8");
  return beginsHar(text.replace(/^\ufeff/, "")) ? "har" : "log";
}

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
