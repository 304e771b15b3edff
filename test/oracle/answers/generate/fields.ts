import { type Draw, odd, oneOf } from "./draw.ts";

const LINE_ENDS = [
  "\n",
  "\r",
  "\r\r\n",
  "\n\r",
  "\r\n ",
  "\r\n\t",
  "\r\n\r\n",
  "\0\r\n",
  " \r\n",
  "\t\r\n",
  "",
];
const BLANK_LINES = ["\n", "\r", "\r\r\n", "\n\r", "", " \r\n", "\r\n\r\n", "\0\r\n", "\rx"];

export function lineEnd(draw: Draw): string {
  if (odd(draw, 30)) return "\n";
  return odd(draw, 40) ? oneOf(draw, LINE_ENDS) : "\r\n";
}

/** The end of a head. */
export function blankLine(draw: Draw): string {
  return odd(draw, 20) ? oneOf(draw, BLANK_LINES) : lineEnd(draw);
}

const NAMES = [
  "X-Own",
  "X",
  "Content-Type",
  "ETag",
  "Location",
  "Set-Cookie",
  "Vary",
  "Cache-Control",
  "Link",
  "Date",
  "Server",
  "Keep-Alive",
  "Upgrade",
  "Trailer",
  "Proxy-Connection",
  "TE",
  "X-Pad",
  "Content-Encoding",
  "Last-Modified",
  "Expires",
  "WWW-Authenticate",
  "Retry-After",
  "Refresh",
];
const ODD_NAMES = [
  "X Own",
  "X\tOwn",
  "",
  "X_Own",
  "X\0",
  "X\xe9",
  "X\x7f",
  "X(",
  "<b>",
  "HTTP/1.1 200 OK",
  " X",
  "X ",
  "\x01",
  "X\r",
  ":",
  "x".repeat(300),
  "Content-Length ",
  "Content_Length",
  "Transfer-Encoding\t",
  "1",
];
const COLONS = [":", ":  ", " : ", ":\t", "", ": :", ";"];
const VALUES = [
  "a",
  "",
  "a b",
  "a\tb",
  "  a  ",
  "\ta\t",
  "a\x1bb",
  "a\0b",
  "a\rb",
  "\xe9",
  "a:b",
  'a;b="c',
  "\x7f",
  "x".repeat(500),
  "0",
  "gzip",
  "h2c",
  "timeout=5",
];
const CONNECTIONS = [
  "close",
  "Close",
  "keep-alive",
  "close, x",
  "xclosex",
  "clos",
  "upgrade",
  "",
  "Keep-Alive, Upgrade",
  "c lose",
];

export function field(draw: Draw): string {
  if (odd(draw, 6)) return `Connection: ${oneOf(draw, CONNECTIONS)}`;
  const name = odd(draw, 10) ? oneOf(draw, ODD_NAMES) : oneOf(draw, NAMES);
  const colon = odd(draw, 15) ? oneOf(draw, COLONS) : ": ";
  return name + colon + (odd(draw, 3) ? oneOf(draw, VALUES) : "value");
}
