import { chunks } from "./chunks.ts";
import { type Draw, odd, oneOf } from "./draw.ts";

const LENGTHS = [
  "0",
  "00",
  "-1",
  "+5",
  "",
  " ",
  "x",
  "5x",
  "0x5",
  "5.0",
  "5,5",
  "5, 5",
  "5;",
  "5\t",
  "\t5",
  " 5 ",
  "5 5",
  "05",
  "000000000000000000000005",
  "1000000",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "18446744073709551621",
  "4294967301",
  "9".repeat(40),
  "\xb2",
  "5\v",
];
const CODINGS = [
  "chunked",
  "Chunked",
  "CHUNKED",
  " chunked ",
  "chunked\t",
  "xchunked",
  "chunkedx",
  "chunked;q=1",
  "chunked,",
  ",chunked",
  "gzip, chunked",
  "chunked, gzip",
  "chunked, chunked",
  "identity",
  "gzip",
  "",
  "chunke",
  "chun ked",
  "\vchunked",
  '"chunked"',
  "identity, chunked",
];
const NAMES_OF_LENGTH = ["Content-Length", "content-length", "CONTENT-LENGTH", "cONTENT-lENGTH"];

const CONTENTS = ["hello", "hello", "", "x", "0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "x".repeat(300)];

/** The fields that frame a body, and the body. */
export function framed(draw: Draw): { readonly fields: readonly string[]; readonly body: string } {
  const content = odd(draw, 40) ? "x".repeat(5_000) : oneOf(draw, CONTENTS);
  const size = content.length;
  const lengthName = odd(draw, 10) ? oneOf(draw, NAMES_OF_LENGTH) : "Content-Length";
  const length = (value: string | number) => `${lengthName}: ${value}`;
  const coding = () => `Transfer-Encoding: ${odd(draw, 4) ? oneOf(draw, CODINGS) : "chunked"}`;
  const kind = draw(24);
  if (kind < 7) return { fields: [length(size)], body: content };
  if (kind < 9) return { fields: [length(Math.max(0, size + 1 + draw(9) - 5))], body: content };
  if (kind < 11) return { fields: [length(oneOf(draw, LENGTHS))], body: content };
  if (kind < 12)
    return { fields: [length(size), length(odd(draw, 2) ? size : oneOf(draw, LENGTHS))], body: content };
  if (kind < 20) return { fields: [coding()], body: chunks(draw, content) };
  if (kind < 21) return { fields: [coding(), coding()], body: chunks(draw, content) };
  if (kind < 22)
    return {
      fields: [coding(), length(odd(draw, 2) ? size : oneOf(draw, LENGTHS))],
      body: chunks(draw, content),
    };
  return { fields: [], body: content };
}
