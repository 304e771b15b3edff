import { mutated } from "../raw/mutate.ts";
import type { Answer, Ending } from "./answer.ts";
import { type Draw, odd, oneOf, shuffled } from "./generate/draw.ts";
import { blankLine, field, lineEnd } from "./generate/fields.ts";
import { framed } from "./generate/framing.ts";
import { statusLine } from "./generate/status-line.ts";

/** An answer of parts, most of them good: a fault is then read in surroundings that make sense. */
export function generated(name: string, draw: Draw, table: readonly Answer[]): Answer {
  const method = METHODS[draw(METHODS.length)] ?? "GET";
  const end = ENDS[draw(ENDS.length)] ?? "open";
  const connection = odd(draw, 8) ? "fresh" : "kept";
  const like = { name, why: "drawn", method, end, connection } as const;
  if (odd(draw, 6)) {
    const changed = table[draw(table.length)];
    if (changed !== undefined && changed.bytes.length < MOST_CHANGED)
      return {
        ...changed,
        name: `${name}, from "${changed.name}"`,
        why: "drawn",
        bytes: mutated(changed.bytes, draw, PIECES),
      };
  }
  const interim = odd(draw, 40) ? oneOf(draw, INTERIM) : "";
  const framing = framed(draw);
  const fields = shuffled(draw, [...framing.fields, ...Array.from({ length: draw(3) }, () => field(draw))]);
  const head =
    statusLine(draw) + lineEnd(draw) + fields.map((line) => line + lineEnd(draw)).join("") + blankLine(draw);
  const whole = interim + head + framing.body + (odd(draw, 10) ? oneOf(draw, BEHIND) : "");
  const bytes = odd(draw, 20) ? whole.slice(0, draw(whole.length)) : whole;
  return { ...like, bytes };
}

const MOST_CHANGED = 300;
const METHODS = ["GET", "GET", "GET", "GET", "GET", "GET", "HEAD", "POST"] as const;
const ENDS: readonly Ending[] = ["open", "open", "open", "closed", "closed", "reset"];

const SMUGGLED = "HTTP/1.1 200 OK\r\nX-Smuggled: 1\r\nContent-Length: 5\r\n\r\nevil!";
const BEHIND = [
  "more",
  "\r\n",
  "\n",
  "\0",
  " ",
  SMUGGLED,
  SMUGGLED + SMUGGLED,
  SMUGGLED.slice(0, 20),
  "0\r\n\r\n",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "x".repeat(500),
];
const INTERIM = [
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
  "HTTP/1.1 102 Processing\n\n",
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
  "HTTP/1.1 100\r\nContent-Length: 5\r\n\r\n",
];

/** Pieces that matter to a reader of answers. */
const PIECES = [
  ..."\r \n \r\n \r\n\r\n \0 \t : ; , / . - _ \x7f \x80 \xff 0 1 2 5 9 a f g X HTTP/1.1 HTTP/1.0 200 100 chunked close".split(
    " ",
  ),
  ...[
    " ",
    "Content-Length: 5\r\n",
    "Content-Length: 0\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
  ],
  ...["0\r\n\r\n", "5\r\nhello\r\n", "X_Y: 1\r\n", "HTTP/1.1 200 OK\r\n", "hello"],
];
