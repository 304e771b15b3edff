import { type Draw, odd, oneOf } from "./draw.ts";

const VERSIONS =
  "HTTP/1.0 HTTP/1.2 HTTP/1.10 HTTP/1.999 HTTP/1.1000 HTTP/2.0 HTTP/2 HTTP/0.9 HTTP/01.1 HTTP/10.1 HTTP/1. HTTP/.1 HTTP/1 HTTP/ http/1.1 HTTPS/1.1 ICY H".split(
    " ",
  );
const BLANKS = ["  ", "\t", "", " \t", "     ", "\r", "\0", "\v"];
const PHRASES = [
  "",
  " ",
  " OK",
  " Not \xe9",
  "  two",
  " a\tb",
  " a\0b",
  " a\rb",
  ".0 IIS",
  "OK",
  "\tOK",
  " \x1b[0m",
  ` ${"long ".repeat(200)}`,
  ": x",
];
const USUAL = [
  200, 200, 200, 200, 200, 201, 204, 205, 206, 301, 302, 304, 304, 400, 401, 403, 404, 408, 413, 429, 499,
  500, 502, 503, 504,
];

export function statusLine(draw: Draw): string {
  const version = odd(draw, 24) ? oneOf(draw, VERSIONS) : "HTTP/1.1";
  const blank = odd(draw, 60) ? oneOf(draw, BLANKS) : " ";
  const phrase = odd(draw, 20) ? oneOf(draw, PHRASES) : " OK";
  return version + blank + status(draw) + phrase;
}

function status(draw: Draw): string {
  const kind = draw(40);
  if (kind < 34) return String(USUAL[draw(USUAL.length)] ?? 200);
  if (kind < 38) return String(draw(1000)).padStart(3, "0");
  if (kind < 39) return String(draw(100_000));
  return oneOf(draw, ["", "abc", "2xx", "-200", "+200", "0x200", "20 0", "2\t00", "\xb2\xb2\xb2", "1e2"]);
}
