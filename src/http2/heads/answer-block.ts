import { encodeField, encodeStatus } from "../hpack/encoder.ts";
import { NameCache } from "../hpack/name-cache.ts";
import { FIELD_NAME, OF_CONNECTION } from "./names.ts";

/** A header line that HTTP/2 cannot send. */
class UnsendableLine extends Error {
  override readonly name = "UnsendableLine";
}

/** The header block of an answer. @throws UnsendableLine */
export function answerBlock(status: number, headers: readonly string[]): string {
  return encodeStatus(status) + lines(headers, unsendable);
}

/** The header block behind a body. What cannot be sent is left out: the answer has been given. */
export function trailersBlock(headers: readonly string[]): string {
  return lines(headers, () => {});
}

function lines(headers: readonly string[], refuse: (line: string) => void): string {
  let block = "";
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = sentName(headers[i] ?? "");
    const value = headers[i + 1] ?? "";
    if (name === undefined || NO_VALUE.test(value)) refuse(`${headers[i]}: ${value}`);
    else if (name !== LEFT_OUT) block += encodeField(name, value);
  }
  return block;
}

function unsendable(line: string): never {
  throw new UnsendableLine(`${JSON.stringify(line)} is no header line`);
}

const LEFT_OUT = "";

const NO_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Names by how backends write them. */
const names = new NameCache<string>();

/** In lower case; `undefined`: it is no name. */
function sentName(name: string): string | undefined {
  const known = names.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (!FIELD_NAME.test(lower)) return undefined;
  return names.keep(name, OF_CONNECTION.has(lower) ? LEFT_OUT : lower);
}
