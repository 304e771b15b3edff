import { type Draw, odd, oneOf } from "./draw.ts";

const SIZES = [
  "",
  "g",
  "-1",
  "+5",
  "0x5",
  " 5",
  "5 ",
  "5\t",
  "5;",
  "5.0",
  "7ffffffffffffff",
  "800000000000000",
  "ffffffffffffffff",
  "10000000000000005",
  "100000005",
  "5\0",
  "\r\n5",
  "5 5",
  "00000000000000000000000000000000005",
  '5;a="b\r\nc"',
];
const EXTENSIONS = [
  ";",
  ";a",
  ";a=b",
  ';a="b;c"',
  " ;a",
  " ",
  "\t",
  "  x",
  ";\0",
  ";a\rb",
  ";\x7f",
  `;${"x".repeat(400)}`,
];
const CHUNK_ENDS = ["\n", "\r", "", "\r\r\n", "\r\n\r\n", "\n\r", " \r\n", "x\r\n"];
const LASTS = [
  "0\r\n\r\n",
  "0\n\n",
  "0;a\r\n\r\n",
  "00000\r\n\r\n",
  "0 \r\n\r\n",
  "0\r\n\n",
  "0\n\r\n",
  "0\r\n",
  "0\r\n\r",
  "0",
  "",
  "0\r\r\n\r\n",
  "0\r\n \r\n\r\n",
  "0\r\nX: 1\r\n\r\n",
  "0\r\nX: 1\r\nY: 2\r\n\r\n",
  "0\r\nX\r\n\r\n",
  "0\r\nX: 1\n\n",
  "0\r\nX: 1\rY\r\n\r\n",
  "0\r\nX: \0\r\n\r\n",
  "0\r\nContent-Length: 9\r\n\r\n",
  `0\r\nX: ${"x".repeat(5000)}\r\n\r\n`,
  "1\r\n\r\n",
  "-0\r\n\r\n",
];

/** Content in chunks. */
export function chunks(draw: Draw, content: string): string {
  let text = "";
  for (let at = 0; at < content.length; ) {
    const size = 1 + draw(content.length - at);
    const digits = odd(draw, 4) ? size.toString(16).toUpperCase() : size.toString(16);
    const written = odd(draw, 20) ? oneOf(draw, SIZES) : "0".repeat(odd(draw, 10) ? draw(30) : 0) + digits;
    const extension = odd(draw, 8) ? oneOf(draw, EXTENSIONS) : "";
    const data = content.slice(at, at + (odd(draw, 30) ? size - 1 : size));
    text += written + extension + chunkEnd(draw) + data + chunkEnd(draw);
    at += size;
  }
  return text + (odd(draw, 4) ? oneOf(draw, LASTS) : "0\r\n\r\n");
}

function chunkEnd(draw: Draw): string {
  if (odd(draw, 24)) return "\n";
  return odd(draw, 40) ? oneOf(draw, CHUNK_ENDS) : "\r\n";
}
