import type { Random } from "../fuzz/random.ts";

/** A request as sent; one char per byte. */
export interface RawRequest {
  readonly head: string;
  readonly body: string;
}

const METHODS = ["POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"];
const ODD_METHODS = ["TRACE", "get", "FOO", "F-O_O", "G@T", "CONNECT"];
const VERSIONS = ["HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/9", "http/1.1", "HTTP/1.01", "HTTP/1", ""];
const TARGETS = ["*", "no-slash", "/%", "/%zz", "/..", "/a/../../b", "/%00", "/#a", "//", "/a\tb", "/\x7f"];
const BAD_HOSTS = ["a b", "a..b", ".", "", "/", "a\x01b", "[::1", ":80", "é"];
const SUFFIXES = ["", "", "", "/", "/b", "/b/c?d=e", "?q", "%2Fb", "//b", "/./b", "/%41", "/%20", "?", "c"];

/** Headers that some tables read. */
const HEADERS = [
  "X-Forwarded-Proto: https",
  "X-Forwarded-Proto: http",
  "X-Forwarded-For: 10.1.2.3",
  "X-Forwarded-For: 1.2.3.4, 10.1.2.3",
  "X-Forwarded-For: garbage",
  "X-Forwarded-Host: other.test",
  "X-Forwarded-Port: 8443",
  "Authorization: Basic YW5uYTpzZWNyZXQ=",
  "Authorization: Basic YW5uYTphbm90aGVy",
  "X-Canary: always",
  "X-Canary: never",
  "X-Canary: yes",
  "Cookie: canary=always; a=b",
  "Cookie: route=1.2.3|x",
  "Origin: https://one.test",
  "Origin: https://x.two.test",
  "User-Agent: evil",
  "User-Agent: badger",
  "Referer: http://SPAM.test/",
  "Authorization: Basic YW5uYTpzZWNyZXQ=",
  "Authorization: Basic YW5uYTpzZWNyZXQ=",
  "Authorization: Basic Ym9iOnNlY3JldA==",
  "Authorization: Basic YW5uYTphbm90aGVy",
  "Authorization: Basic bm9ib2R5OnNlY3JldA==",
  "Authorization: Basic ===",
  "Authorization: Bearer x",
  'Authorization: Digest username="anna", realm="staff", nonce="n", uri="/", response="r"',
  // Right except for the nonce, which nobody issued.
  'Authorization: Digest username="anna", realm="staff", nonce="n", uri="/", response="a11d8b98b3f6c21f4ca62c5723092923"',
  "X-Request-ID: given",
  "X_Under: score",
  "Accept: text/html",
  "Connection: close",
  "Connection: keep-alive",
  "If-Match: a",
  "If-Match: b",
  "Range: bytes=0-",
];

/** Header lines that nginx refuses, or that exceed its buffers. */
const BAD_HEADERS = [
  "no colon",
  " folded: x",
  ": nameless",
  "X-Nul: \0",
  "X@Y: z",
  `X-Long: ${"x".repeat(9000)}`,
];

/** Framing, its body, and headers. */
const FRAMINGS: readonly (readonly [lines: readonly string[], body: string])[] = [
  [["Content-Length: 0"], ""],
  [["Content-Length: 5"], "12345"],
  [["Content-Length: 05"], "12345"],
  [["Content-Length: 11"], "12345678901"],
  [["Content-Length: 1025"], "x".repeat(1025)],
  [["Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\n\r\n"],
  [["Transfer-Encoding: Chunked"], "0\r\n\r\n"],
];
const BAD_FRAMINGS = [
  ["Content-Length: x"],
  ["Content-Length: -1"],
  ["Content-Length: 5, 5"],
  ["Content-Length: 5", "Content-Length: 5"],
  ["Transfer-Encoding: gzip"],
  ["Transfer-Encoding: gzip, chunked"],
  ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
  ["Transfer-Encoding: chunked", "Content-Length: 5"],
  ["Content-Length: 99999999999999999999"],
];

/** A request with mostly valid parts. */
export function randomRequest(
  random: Random,
  { hosts, paths }: { readonly hosts: readonly string[]; readonly paths: readonly string[] },
): RawRequest {
  const method = random.percent(65) ? "GET" : random.pick(random.percent(90) ? METHODS : ODD_METHODS);
  const version = random.percent(96) ? "HTTP/1.1" : random.pick(VERSIONS);
  const host = hostOf(random, hosts);
  const isOdd = random.percent(3);
  const path = isOdd ? random.pick(TARGETS) : pathOf(random, paths);
  const target = random.percent(3) ? `http://${host}${path.startsWith("/") ? path : ""}` : path;
  const isFramed = random.percent(20);
  const [framing, body] = isFramed ? random.pick(FRAMINGS) : [[], ""];
  const bad = random.percent(3) ? random.pick(BAD_FRAMINGS) : [];
  const lines = [
    ...hostLines(random, host),
    ...headersOf(random),
    ...(random.percent(2) ? [random.pick(BAD_HEADERS)] : []),
    ...framing,
    ...bad,
  ];
  const end = random.percent(97) ? "\r\n" : "\n";
  // A request line without a version is HTTP/0.9, which has no header lines.
  if (version === "") return { head: `${method} ${target}${end}`, body: "" };
  return {
    head: `${method} ${target} ${version}${end}${lines.map((line) => line + end).join("")}${end}`,
    body: bad.length > 0 ? "" : body,
  };
}

/** Mostly one line per name. */
function headersOf(random: Random): readonly string[] {
  const drawn = Array.from({ length: random.below(5) }, () => random.pick(HEADERS));
  if (random.percent(3)) return drawn;
  return [...new Map(drawn.map((line) => [line.split(":")[0], line])).values()];
}

function hostOf(random: Random, hosts: readonly string[]): string {
  if (hosts.length === 0 || random.percent(10))
    return random.pick(["nobody.test", "alias.test", "x.alias.test", "re7.test", "two.test", "www.one.test"]);
  const host = random.pick(hosts);
  if (host === "") return "anything.test";
  return host.startsWith("*.") ? `${random.pick(["a", "b.c", "x_y"])}${host.slice(1)}` : host;
}

function pathOf(random: Random, paths: readonly string[]): string {
  if (random.percent(1)) return `/${"l".repeat(9000)}`;
  const base = paths.length === 0 || random.percent(10) ? "/other" : random.pick(paths);
  const plain =
    base.startsWith("/") && !/[()\\|$+]/.test(base) ? base : random.pick(["/a/x", "/api/v1/z", "/x", "/b"]);
  const bytes = Buffer.from(plain, "utf8").toString("latin1");
  const text = bytes === "/" ? random.pick(["/", "/x", "/aaaaaaaaaaaaaaaaaaaaaaaaaaab"]) : bytes;
  return text + random.pick(SUFFIXES);
}

function hostLines(random: Random, host: string): readonly string[] {
  if (random.percent(95)) {
    const written = random.percent(90) ? host : random.pick([host.toUpperCase(), `${host}.`, `${host}:8080`]);
    return [`Host: ${written}`];
  }
  return random.pick([[], [`Host: ${random.pick(BAD_HOSTS)}`], [`Host: ${host}`, `Host: ${host}`]]);
}
