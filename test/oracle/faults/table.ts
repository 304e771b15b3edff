import type { Step } from "./backend.ts";

/** A backend's fault and the request that meets it. */
export interface Fault {
  readonly name: string;
  readonly method: "GET" | "HEAD" | "POST";
  readonly steps: readonly Step[];
  /** The connection served an earlier request. */
  readonly primed: boolean;
}

const OK = "HTTP/1.1 200 OK\r\n";
const LENGTH = `${OK}Content-Length: 5\r\n\r\n`;
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
const GOOD = `${LENGTH}hello`;

/** A head of this size, with a length and an empty body. */
function headOf(bytes: number): string {
  const frame = `${OK}Content-Length: 0\r\nX-Big: \r\n\r\n`;
  return frame.replace("X-Big: ", `X-Big: ${"x".repeat(bytes - frame.length)}`);
}

/** Faults before the head is complete; they affect every request alike. */
const BEFORE_THE_HEAD: readonly (readonly [string, ...Step[]])[] = [
  ["refused", "refuse"],
  ["closed before the head", "end"],
  ["reset before the head", "reset"],
  ["half a status line, closed", "HTTP/1.1 20", "end"],
  ["half a status line, reset", "HTTP/1.1 20", "pause", "reset"],
  ["half a head, closed", `${OK}Content-Le`, "end"],
  ["half a head, reset", `${OK}Content-Le`, "pause", "reset"],
  ["a head without its last line, closed", `${OK}Content-Length: 0\r\n`, "end"],
  ["no answer", "stall"],
  ["half a head, then nothing", `${OK}Content-Le`, "stall"],
];

const OTHERS: readonly (readonly [string, ...Step[]])[] = [
  ["a good answer", GOOD],
  [
    "a good answer in pieces",
    "HTTP/1.1 200",
    "pause",
    " OK\r\nContent-Le",
    "pause",
    "ngth: 5\r\n\r\nhe",
    "pause",
    "llo",
  ],
  ["a good answer, then closed", GOOD, "end"],
  ["a good answer, then reset", GOOD, "pause", "reset"],
  ["chunked", `${CHUNKED}5\r\nhello\r\n0\r\n\r\n`],
  ["chunked in pieces", CHUNKED, "pause", "5\r", "pause", "\nhel", "pause", "lo\r\n0\r\n", "pause", "\r\n"],
  ["chunked with extensions", `${CHUNKED}5;a=b\r\nhello\r\n0;c\r\n\r\n`],
  ["chunked with trailers", `${CHUNKED}5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n`],
  ["until the end", `${OK}\r\nhello`, "end"],
  ["until the end, by HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhello", "end"],
  ["HTTP/1.0 with a length", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "end"],
  ["HTTP/1.0, kept alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello"],
  [
    "HTTP/1.0 in chunks",
    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "end",
  ],

  ["a body that never begins, closed", LENGTH, "end"],
  ["a body that never begins, reset", LENGTH, "pause", "reset"],
  ["a short body, closed", `${LENGTH}he`, "end"],
  ["a short body, reset", `${LENGTH}he`, "pause", "reset"],
  ["a short body, then nothing", `${LENGTH}he`, "stall"],
  ["until the end, reset", `${OK}\r\nhello`, "pause", "reset"],
  ["chunks without the last, closed", `${CHUNKED}5\r\nhello\r\n`, "end"],
  ["chunks without the last, reset", `${CHUNKED}5\r\nhello\r\n`, "pause", "reset"],
  ["half a chunk, closed", `${CHUNKED}5\r\nhe`, "end"],
  ["half a chunk, then nothing", `${CHUNKED}5\r\nhe`, "stall"],
  ["a last chunk without its end, closed", `${CHUNKED}5\r\nhello\r\n0\r\n`, "end"],
  ["no chunk at all, closed", CHUNKED, "end"],
  ["a chunk size that is none", `${CHUNKED}zz\r\nhello\r\n0\r\n\r\n`],
  ["a chunk size behind a good chunk that is none", `${CHUNKED}5\r\nhello\r\nzz\r\n`, "pause", "end"],
  ["a chunk size with 0x", `${CHUNKED}0x5\r\nhello\r\n0\r\n\r\n`],
  ["a negative chunk size", `${CHUNKED}-5\r\nhello\r\n0\r\n\r\n`],
  ["a chunk size that is too large", `${CHUNKED}fffffffffffffffff\r\nhello\r\n`],
  ["a chunk that is longer than it says", `${CHUNKED}3\r\nhello\r\n0\r\n\r\n`, "pause", "end"],

  ["more than the length, at once", `${GOOD}more`],
  ["more than the length, later", GOOD, "pause", "more"],
  ["a whole other answer behind it", `${GOOD}${LENGTH}other`],
  ["more behind the last chunk", `${CHUNKED}5\r\nhello\r\n0\r\n\r\nmore`],
  ["a length of 0, and a body", `${OK}Content-Length: 0\r\n\r\nhello`],

  ["garbage", "garbage\r\n\r\n"],
  ["binary garbage", "\x00\x01\x02\xff\r\n\r\n"],
  ["a page without a head, closed", "<html>hello</html>", "end"],
  ["nothing but the version", "HTTP/1.1\r\n\r\n"],
  ["a status that is none", "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"],
  ["a status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n"],
  ["a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"],
  ["a status that runs into its phrase", "HTTP/1.1 200OK\r\nContent-Length: 0\r\n\r\n"],
  ["a status without a phrase", "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello"],
  ["a status with an empty phrase", "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello"],
  ["a phrase of its own", "HTTP/1.1 200 Fine by me\r\nContent-Length: 5\r\n\r\nhello"],
  ["a phrase beyond ASCII", "HTTP/1.1 200 \xe9\r\nContent-Length: 5\r\n\r\nhello"],
  ["status 000", "HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n"],
  ["status 099", "HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n"],
  ["status 299", "HTTP/1.1 299 Odd\r\nContent-Length: 0\r\n\r\n"],
  ["status 599", "HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n"],
  ["status 600", "HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n"],
  ["status 999", "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"],
  ["HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["HTTP/1.2", "HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["HTTP/0.9", "HTTP/0.9 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["http in lower case", "http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["an empty line first", `\r\n${GOOD}`],
  ["blanks before the status", "HTTP/1.1  200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  ["lines that end in LF alone", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"],

  ["500", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"],
  ["502", "HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n"],
  ["503", "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"],
  ["504", "HTTP/1.1 504 No\r\nContent-Length: 0\r\n\r\n"],

  ["100 before the answer", `HTTP/1.1 100 Continue\r\n\r\n${GOOD}`],
  ["100, later the answer", "HTTP/1.1 100 Continue\r\n\r\n", "pause", GOOD],
  ["100 and nothing else, closed", "HTTP/1.1 100 Continue\r\n\r\n", "end"],
  ["103 before the answer", `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${GOOD}`],
  [
    "101 that nobody asked for",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello",
    "pause",
    "end",
  ],

  ["204", "HTTP/1.1 204 No Content\r\n\r\n"],
  ["204 with a body", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"],
  ["204 in chunks", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
  ["304", 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'],
  ["304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"],
  ["304 with a body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello"],
  ["205 with a body", "HTTP/1.1 205 Reset\r\nContent-Length: 5\r\n\r\nhello"],

  ["a head of 4,096 bytes", headOf(4096)],
  ["a head of 4,097 bytes", headOf(4097)],
  ["a head of 9,000 bytes", headOf(9000)],
  ["a head without an end, over the buffer", `${OK}X-Big: ${"x".repeat(5000)}`, "stall"],

  ["two lengths that agree", `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`],
  ["two lengths that differ", `${OK}Content-Length: 5\r\nContent-Length: 3\r\n\r\nhello`],
  ["lengths in one line", `${OK}Content-Length: 5, 5\r\n\r\nhello`],
  ["a length with a plus", `${OK}Content-Length: +5\r\n\r\nhello`],
  ["a negative length", `${OK}Content-Length: -5\r\n\r\nhello`],
  ["a length that is none", `${OK}Content-Length: five\r\n\r\nhello`],
  ["an empty length", `${OK}Content-Length:\r\n\r\nhello`, "pause", "end"],
  ["a length of 30 digits", `${OK}Content-Length: ${"9".repeat(30)}\r\n\r\nhello`],
  [
    "a length and chunks",
    `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  ],
  [
    "chunks and a length",
    `${OK}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  ],
  [
    "two Transfer-Encoding lines",
    `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
  ],
  ["an unknown Transfer-Encoding", `${OK}Transfer-Encoding: gzip\r\n\r\nhello`, "pause", "end"],
  ["gzip and chunks", `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, "pause", "end"],
  ["Transfer-Encoding identity", `${OK}Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello`],

  ["a name with a blank", `${OK}X Bad: 1\r\nContent-Length: 5\r\n\r\nhello`],
  ["a blank before the colon", `${OK}X-Bad : 1\r\nContent-Length: 5\r\n\r\nhello`],
  ["a name that is empty", `${OK}: 1\r\nContent-Length: 5\r\n\r\nhello`],
  ["a line without a colon", `${OK}bad\r\nContent-Length: 5\r\n\r\nhello`],
  ["a name with a control character", `${OK}X-\x01: 1\r\nContent-Length: 5\r\n\r\nhello`],
  ["a name beyond ASCII", `${OK}X-\xe9: 1\r\nContent-Length: 5\r\n\r\nhello`],
  ["a name with an underscore", `${OK}X_Own: 1\r\nContent-Length: 5\r\n\r\nhello`],
  ["a value with a NUL", `${OK}X-Bad: a\x00b\r\nContent-Length: 5\r\n\r\nhello`],
  ["a value with a control character", `${OK}X-Own: a\x1bb\r\nContent-Length: 5\r\n\r\nhello`],
  ["a value beyond ASCII", `${OK}X-Own: \xe9\r\nContent-Length: 5\r\n\r\nhello`],
  ["a value with a tab", `${OK}X-Own: a\tb\r\nContent-Length: 5\r\n\r\nhello`],
  ["a value with a bare CR", `${OK}X-Bad: a\rb\r\nContent-Length: 5\r\n\r\nhello`],
  ["an empty value", `${OK}X-Own:\r\nContent-Length: 5\r\n\r\nhello`],
  ["a folded line", `${OK}X-Own: a\r\n b\r\nContent-Length: 5\r\n\r\nhello`],
  ["two cookies", `${OK}Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 5\r\n\r\nhello`],
  ["Connection: close, and open", `${OK}Connection: close\r\nContent-Length: 5\r\n\r\nhello`],
  [
    "hop-by-hop headers",
    `${OK}Keep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nContent-Length: 5\r\n\r\nhello`,
  ],
];

/** Faults at the second request of a connection. */
const REUSED: readonly (readonly [string, ...Step[]])[] = [
  ["reused: closed before the head", "end"],
  ["reused: reset before the head", "reset"],
  ["reused: half a head, closed", `${OK}Content-Le`, "end"],
  ["reused: a short body, closed", `${LENGTH}he`, "end"],
  ["reused: no answer", "stall"],
];

function rows(
  table: readonly (readonly [string, ...Step[]])[],
  methods: readonly Fault["method"][],
  primed = false,
): readonly Fault[] {
  return table.flatMap(([name, ...steps]) =>
    methods.map((method) => ({ name: `${method}: ${name}`, method, steps, primed })),
  );
}

/** Answers without body, after which none must be read. */
const WITHOUT_BODY =
  /^(?:a good answer|chunked|until the end|a short body, closed|204 with|304 with|a length of 0)/;

/** Every fault, with each method that could change its effect. */
export const FAULTS: readonly Fault[] = [
  ...rows(BEFORE_THE_HEAD, ["GET", "POST"]),
  ...rows(REUSED, ["GET", "POST"], true),
  ...rows(OTHERS, ["GET"]),
  ...rows(
    OTHERS.filter(([name]) => WITHOUT_BODY.test(name)),
    ["HEAD"],
  ),
];
