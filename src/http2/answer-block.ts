import { encodeField, encodeStatus } from "./hpack/encoder.ts";
import { OF_CONNECTION } from "./of-connection.ts";

/** A header line that HTTP/2 cannot send. */
class UnsendableLine extends Error {
  override readonly name = "UnsendableLine";
}

/** The header block of an answer. @throws UnsendableLine */
export function answerBlock(status: number, headers: readonly string[]): string {
  return encodeStatus(status) + lines(headers);
}

/** The header block behind a body. @throws UnsendableLine */
export function trailersBlock(headers: readonly string[]): string {
  return lines(headers);
}

function lines(headers: readonly string[]): string {
  let block = "";
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = sentName(headers[i] ?? "");
    if (name === LEFT_OUT) continue;
    const value = headers[i + 1] ?? "";
    if (name === undefined || NO_VALUE.test(value))
      throw new UnsendableLine(`${JSON.stringify(`${headers[i]}: ${value}`)} is no header line`);
    block += encodeField(name, value);
  }
  return block;
}

const LEFT_OUT = "";

const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const NO_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Names by how backends write them. unit: names, chars of one */
const names = new Map<string, string>();
const MOST_NAMES = 500;
const LONGEST_KEPT = 64;

/** In lower case; `undefined`: it is no name. */
function sentName(name: string): string | undefined {
  const known = names.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (!NAME.test(lower)) return undefined;
  const sent = OF_CONNECTION.has(lower) ? LEFT_OUT : lower;
  if (name.length > LONGEST_KEPT) return sent;
  if (names.size >= MOST_NAMES) names.clear();
  names.set(name, sent);
  return sent;
}
