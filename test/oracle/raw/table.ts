const HOST = "Host: a.test\r\n";

/** A request line before a valid head. */
function line(first: string, headers = HOST, body = ""): string {
  return `${first}\r\n${headers}\r\n${body}`;
}

function get(headers: string): string {
  return line("GET /x HTTP/1.1", HOST + headers);
}

function post(headers: string, body: string): string {
  return line("POST /x HTTP/1.1", HOST + headers, body);
}

function chunked(body: string): string {
  return post("Transfer-Encoding: chunked\r\n", body);
}

function hosted(host: string): string {
  return line("GET /x HTTP/1.1", `Host: ${host}\r\n`);
}

/** Every byte except letters and digits, and some of those. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte).filter(
  (byte) => !/[b-yB-Y1-8]/.test(String.fromCharCode(byte)),
);

const METHODS =
  "GET HEAD POST PUT DELETE OPTIONS PATCH PROPFIND PURGE FOO F_-O -A _ G TRACE CONNECT get Get GE1T GÉT".split(
    " ",
  );
const VERSIONS =
  "HTTP/1.1 HTTP/1.0 HTTP/1.2 HTTP/1.9 HTTP/1.10 HTTP/1.99 HTTP/1.999 HTTP/1.1000 HTTP/1.01 HTTP/01.1 HTTP/2.0 HTTP/2 HTTP/3.0 HTTP/10.0 HTTP/0.9 HTTP/1 HTTP/1. HTTP/.1 HTTP/x.1 HTTP/1.x HTTP1.1 http/1.1 HTTPS/1.1 HTT HTTP/ HTTP/1.1x HTTP/-1.1".split(
    " ",
  );
const TARGETS =
  '/ /a?b /a?b?c /? /a#f /#? /a;b /a+b /a%20b /a%2Fb /%41 /% /%z /%zz /%1 /%00 /a%0ab // //a /a//b /. /.. /a/.. /a/../.. /../a /%2e%2e /%2e%2e/a /a/./b /a/%2e/b /a\\b /{}|^` /<> /" * a ?a #a a.test a.test:80 http://a.test http://a.test/ http://a.test?q http://a.test/y?z#f http://a.test:80/ http://a.test:/ http://a.test:x/ http:// http:/// http:/a.test/ http:a.test HTTP://A.TEST/Y ftp://a.test/ x+y-z.1://a.test/ 1x://a.test/ http://u@a.test/ http://b.test/ http://a.test./ http://[::1]/ http://[::1/ http://[::1]x/ http://a_b.test/ http://a.test:80:80/ /é /a/é?é ///// /a/b/../../../c'.split(
    " ",
  );
const HOSTS =
  "a.test A.TEST a.test. a.test.. a.test: a.test:80 a.test:abc a.test:80:80 a.test:65536 a.test:-1 .a.test a..test . .. .: :80 b.test a.test/x a.test\\x u@a.test a%20b a_b.test [::1] [::1]:80 [::1 ::1 [] []:80 [::1]x [a.test] a[b] a]b a,b a;b a#b a?b a*b é.test 127.0.0.1".split(
    " ",
  );
const NAMES =
  'X x X-Y X_Y X.Y X!Y X~Y X+Y X(Y X/Y X"Y X@Y XéY 1 - X- -X _ X:Y Host2 Cookie Via Range Te Keep-Alive Trailer Proxy Proxy-Connection Proxy-Authorization Expect Date Accept If-Foo'.split(
    " ",
  );
const ONCE = [
  ...["Host", "Authorization", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"],
  ...["If-Range", "Content-Range", "Expect", "Content-Length", "Transfer-Encoding", "User-Agent", "Referer"],
  ...["Range", "Cookie", "Accept", "Content-Type", "Connection", "Via", "X", "TE", "Depth", "Keep-Alive"],
];
const LENGTHS = [
  "0",
  "1",
  "2",
  "3",
  "+2",
  "-2",
  "",
  " 2",
  "2 ",
  "2\t",
  "02",
  "0x2",
  "2,2",
  "2 2",
  "1e1",
  "2.0",
  "2a",
  "9223372036854775807",
  "9223372036854775808",
  "99999999999999999999",
];
const CODINGS = [
  "chunked",
  "Chunked",
  "CHUNKED",
  " chunked ",
  "",
  "identity",
  "gzip",
  "gzip, chunked",
  "chunked, chunked",
  "chunked,",
  "xchunked",
  "chunkedx",
  "chunked;q=1",
  "\tchunked",
  "\vchunked",
];
const CHUNKS = [
  ...[
    "2\r\nab\r\n0\r\n\r\n",
    "2\nab\n0\n\n",
    "2\r\nab\n0\r\n\r\n",
    "2;x=y\r\nab\r\n0\r\n\r\n",
    "2 \r\nab\r\n0\r\n\r\n",
  ],
  ...[
    "2\t;x\r\nab\r\n0\r\n\r\n",
    "02\r\nab\r\n00\r\n\r\n",
    "A\r\n0123456789\r\n0\r\n\r\n",
    "a\r\n0123456789\r\n0\r\n\r\n",
  ],
  ...[
    "0x2\r\nab\r\n0\r\n\r\n",
    "g\r\n",
    "\r\n",
    "-1\r\n",
    " 2\r\nab\r\n0\r\n\r\n",
    "2\r\nabc\r\n0\r\n\r\n",
    "2\r\na\r\n0\r\n\r\n",
  ],
  ...[
    "2\r\nab0\r\n\r\n",
    "2\r\nab\r0\r\n\r\n",
    "2\rab\r\n0\r\n\r\n",
    "2\r\nab\r\n0\r\nX: 1\r\n\r\n",
    "2\r\nab\r\n0\r\nX\r\n\r\n",
  ],
  ...[
    "2\r\nab\r\n0\r\n: 1\r\n\r\n",
    "2\r\nab\r\n0\r\nX: 1\n\n",
    "2\r\nab\r\n0\r\nX: 1\rY\r\n\r\n",
    "2\r\nab\r\n0;z\r\n\r\n",
    "2\r\nab\r\n0\n\n",
  ],
  ...[
    `${"f".repeat(17)}\r\nab`,
    `${"0".repeat(40)}2\r\nab\r\n0\r\n\r\n`,
    "7fffffffffffffff\r\nab",
    "2\r\nab\r\n0\r\n\rx",
    "0\r\n\r\n",
    "0\n\n",
    "0;\n\r\n",
  ],
];
const CONNECTIONS = [
  "close",
  "Close",
  "keep-alive",
  "Keep-Alive",
  "closed",
  "xclose",
  "close, keep-alive",
  "keep-alive, close",
  "",
  "foo",
  "upgrade",
  "keep-aliv",
];

/** One header line of this size, line end included. */
function header(bytes: number): string {
  return `X: ${"a".repeat(bytes - 5)}\r\n`;
}

/** A request line of this size, line end included. */
function target(bytes: number): string {
  return `GET /${"a".repeat(bytes - 16)} HTTP/1.1`;
}

/** Byte strings for both servers, each with a name. */
export const TABLE: readonly (readonly [name: string, bytes: string])[] = [
  ...METHODS.map((method) => [`method ${method}`, line(`${method} /x HTTP/1.1`)] as const),
  ...METHODS.map((method) => [`method ${method} without a version`, `${method} /x\r\n`] as const),
  ...VERSIONS.map((version) => [`version ${version}`, line(`GET /x ${version}`)] as const),
  ...VERSIONS.map((version) => [`version ${version}, no Host`, line(`GET /x ${version}`, "")] as const),
  ...TARGETS.map((path) => [`target ${path}`, line(`GET ${path} HTTP/1.1`)] as const),
  ...TARGETS.map(
    (path) => [`target ${path}, HTTP/1.0 without Host`, line(`GET ${path} HTTP/1.0`, "")] as const,
  ),
  ...TARGETS.map((path) => [`target ${path}, HTTP/0.9`, `GET ${path}\r\n`] as const),
  ...HOSTS.map((host) => [`host ${host}`, hosted(host)] as const),
  ...HOSTS.map(
    (host) =>
      [
        `host ${host} beside an absolute target`,
        line("GET http://a.test/x HTTP/1.1", `Host: ${host}\r\n`),
      ] as const,
  ),
  ...NAMES.map((name) => [`name ${name}`, get(`${name}: 1\r\n`)] as const),
  ...NAMES.map((name) => [`name ${name} without a colon`, get(`${name}\r\n`)] as const),
  ...ONCE.map((name) => [`twice ${name}`, get(`${name}: a\r\n${name}: a\r\n`)] as const),
  ...ONCE.map(
    (name) => [`twice ${name}, in capitals`, get(`${name}: a\r\n${name.toUpperCase()}: b\r\n`)] as const,
  ),
  ...LENGTHS.map((length) => [`length ${length}`, post(`Content-Length: ${length}\r\n`, "ab")] as const),
  ...LENGTHS.slice(0, 8).map(
    (length) =>
      [
        `length ${length} beside chunked`,
        post(`Content-Length: ${length}\r\nTransfer-Encoding: chunked\r\n`, "2\r\nab\r\n0\r\n\r\n"),
      ] as const,
  ),
  ...CODINGS.map(
    (coding) =>
      [`coding ${coding}`, post(`Transfer-Encoding: ${coding}\r\n`, "2\r\nab\r\n0\r\n\r\n")] as const,
  ),
  ...CODINGS.map(
    (coding) =>
      [
        `coding ${coding}, HTTP/1.0`,
        line("POST /x HTTP/1.0", `${HOST}Transfer-Encoding: ${coding}\r\n`, "2\r\nab\r\n0\r\n\r\n"),
      ] as const,
  ),
  ...CHUNKS.map((body) => [`chunks ${JSON.stringify(body)}`, chunked(body)] as const),
  ...CONNECTIONS.map((value) => [`connection ${value}`, get(`Connection: ${value}\r\n`)] as const),
  ...CONNECTIONS.map(
    (value) =>
      [`connection ${value}, HTTP/1.0`, line("GET /x HTTP/1.0", `${HOST}Connection: ${value}\r\n`)] as const,
  ),
  ...CONNECTIONS.map(
    (value) =>
      [
        `connection ${value}, then keep-alive`,
        get(`Connection: ${value}\r\nConnection: keep-alive\r\n`),
      ] as const,
  ),
  ...BYTES.map(
    (byte) => [`byte ${byte} in a method`, line(`G${String.fromCharCode(byte)}T /x HTTP/1.1`)] as const,
  ),
  ...BYTES.map(
    (byte) => [`byte ${byte} in a path`, line(`GET /a${String.fromCharCode(byte)}b HTTP/1.1`)] as const,
  ),
  ...BYTES.map(
    (byte) => [`byte ${byte} in a query`, line(`GET /a?b${String.fromCharCode(byte)}c HTTP/1.1`)] as const,
  ),
  ...BYTES.map(
    (byte) =>
      [`byte ${byte} behind the version`, line(`GET /a HTTP/1.1${String.fromCharCode(byte)}`)] as const,
  ),
  ...BYTES.map((byte) => [`byte ${byte} in a host`, hosted(`a${String.fromCharCode(byte)}b`)] as const),
  ...BYTES.map(
    (byte) => [`byte ${byte} begins a name`, get(`${String.fromCharCode(byte)}X: 1\r\n`)] as const,
  ),
  ...BYTES.map((byte) => [`byte ${byte} in a name`, get(`X${String.fromCharCode(byte)}Y: 1\r\n`)] as const),
  ...BYTES.map(
    (byte) => [`byte ${byte} before a colon`, get(`X${String.fromCharCode(byte)}: 1\r\n`)] as const,
  ),
  ...BYTES.map(
    (byte) => [`byte ${byte} begins a value`, get(`X: ${String.fromCharCode(byte)}a\r\n`)] as const,
  ),
  ...BYTES.map((byte) => [`byte ${byte} in a value`, get(`X: a${String.fromCharCode(byte)}b\r\n`)] as const),
  ...BYTES.map((byte) => [`byte ${byte} ends a value`, get(`X: a${String.fromCharCode(byte)}\r\n`)] as const),
  ...BYTES.map((byte) => [`byte ${byte} before a request`, String.fromCharCode(byte) + get("")] as const),
  ["LF alone", "GET /x HTTP/1.1\nHost: a.test\nX: 1\n\n"],
  ["CR alone", "GET /x HTTP/1.1\rHost: a.test\r\r"],
  ["CR CR LF behind the request line", "GET /x HTTP/1.1\r\r\nHost: a.test\r\n\r\n"],
  ["CR CR LF behind a header", "GET /x HTTP/1.1\r\nHost: a.test\r\r\n\r\n"],
  ["CR CR LF at the end", "GET /x HTTP/1.1\r\nHost: a.test\r\n\r\r\n"],
  ["a folded line", get("X: a\r\n b\r\n")],
  ["a folded line with a tab", get("X: a\r\n\tb\r\n")],
  ["blanks around the target", line("GET   /x   HTTP/1.1   ")],
  ["a blank in the target", line("GET /a b HTTP/1.1")],
  ["a blank before the method", line(" GET /x HTTP/1.1")],
  ["empty lines before a request", `\r\n\n\r\n${get("")}`],
  ["5,000 bytes of empty lines before a request", "\r\n".repeat(2_500) + get("")],
  ["nothing but line ends", "\r\n\r\n"],
  ["no method", line("/x HTTP/1.1")],
  ["no target", line("GET HTTP/1.1")],
  ["nothing of a target", line("GET ")],
  ["the preface of HTTP/2 in the middle", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"],
  ["bytes of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"],
  ["length and encoding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")],
  ["encoding and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")],
  ["a body of a GET", line("GET /x HTTP/1.1", `${HOST}Content-Length: 2\r\n`, "ab")],
  ["a body of a HEAD", line("HEAD /x HTTP/1.1", `${HOST}Content-Length: 2\r\n`, "ab")],
  ["a body for a page", line("POST /x HTTP/1.1", "Host: b.test\r\nContent-Length: 2\r\n", "ab")],
  [
    "chunks for a page",
    line("POST /x HTTP/1.1", "Host: b.test\r\nTransfer-Encoding: chunked\r\n", "2\r\nab\r\n0\r\n\r\n"),
  ],
  ["a body that is too large", post("Content-Length: 1048577\r\n", "ab")],
  ["a page for HEAD", line("HEAD /x HTTP/1.1", "Host: b.test\r\n")],
  ["a refusal of HEAD", line("HEAD /x HTTP/1.1", "")],
  ["two requests", get("") + line("GET /y HTTP/1.1")],
  [
    "four requests, a POST among them",
    get("") + post("Content-Length: 2\r\n", "ab") + chunked("2\r\ncd\r\n0\r\n\r\n") + get(""),
  ],
  ["a page between two requests", get("") + line("GET /x HTTP/1.1", "Host: b.test\r\n") + get("")],
  ["a refusal between two requests", get("") + line("GET /x HTTP/1.1", "") + get("")],
  ["a request behind Connection: close", get("Connection: close\r\n") + get("")],
  ["a request behind HTTP/0.9", `GET /x\r\n${get("")}`],
  ["two requests with LF alone", "GET /x HTTP/1.1\nHost: a.test\n\nGET /y HTTP/1.1\nHost: a.test\n\n"],
  ["empty lines between two requests", `${get("")}\r\n\r\n${get("")}`],
  ["a body that is longer than it says", post("Content-Length: 2\r\n", "abcdef")],
  ["an expectation", line("GET /x HTTP/1.1", `${HOST}Expect: foo\r\n`)],
  ["an Upgrade", get("Upgrade: foo\r\n")],
  ["an empty Upgrade", get("Upgrade:\r\n")],
  ["an Upgrade with a body", post("Upgrade: foo\r\nContent-Length: 2\r\n", "ab")],
  ["an Upgrade to HTTP/2", get("Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n")],
  ...[997, 998, 999, 1_000, 1_001].map(
    (count) => [`${count} headers beside Host`, get("a: b\r\n".repeat(count))] as const,
  ),
  ["an upgrade", get("Upgrade: foo\r\nConnection: upgrade\r\n")],
  ["an upgrade of HTTP/1.0", line("GET /x HTTP/1.0", `${HOST}Upgrade: foo\r\nConnection: upgrade\r\n`)],
  [
    "a refusal for Chrome",
    line("GET /x HTTP/1.1", "User-Agent: Mozilla/5.0 (X11) Chrome/140.0 Safari/537.36\r\n"),
  ],
  [
    "too large a head for Chrome",
    line("GET /x HTTP/1.1", `User-Agent: Chrome/140.0\r\n${HOST}${header(9_000)}`),
  ],
  ...[1_000, 1_024, 1_025, 8_190, 8_191, 8_192, 8_193, 8_194, 9_000, 20_000, 70_000].flatMap((bytes) => [
    [`a request line of ${bytes} bytes`, line(target(bytes))] as const,
    [`a header line of ${bytes} bytes`, get(header(bytes))] as const,
    [`a header line of ${bytes} bytes behind another`, get(header(500) + header(bytes))] as const,
    [
      `a request line and a header line of ${bytes} bytes`,
      line(target(bytes), HOST + header(bytes)),
    ] as const,
  ]),
  ...[1, 2, 3, 4, 5, 6].map(
    (count) => [`${count} headers of 8,192 bytes`, get(header(8_192).repeat(count))] as const,
  ),
  ...[6, 7, 8, 9, 10, 11, 12].map(
    (count) => [`${count} headers of 4,000 bytes`, get(header(4_000).repeat(count))] as const,
  ),
  ...[31, 32, 33, 34, 35, 36].map(
    (count) => [`${count} headers of 1,000 bytes`, get(header(1_000).repeat(count))] as const,
  ),
  ...[2_100, 5_000, 5_600, 6_000].map(
    (count) => [`${count} headers of 6 bytes`, get("a: b\r\n".repeat(count))] as const,
  ),
];
