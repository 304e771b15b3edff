import { framedBy, LENGTH, OK, type Row } from "./row.ts";

function length(
  value: string,
  end: "open" | "closed" = "closed",
): readonly [string, { readonly end: typeof end }] {
  return [framedBy(`Content-Length: ${value}\r\n`), { end }];
}

function coding(value: string): readonly [string, { readonly end: "closed" }] {
  return [`${OK}Transfer-Encoding: ${value}\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, { end: "closed" }];
}

const BOTH = "5\r\nhello\r\n0\r\n\r\n";

/** nginx: ngx_http_upstream_process_content_length, _transfer_encoding; ngx_http_proxy_input_filter_init. */
export const LENGTHS: readonly Row[] = [
  ["length 5", "the good one", ...length("5", "open")],
  ["length 05", "a leading zero is no octal number", ...length("05", "open")],
  [
    "length 0000000000000000000005",
    "more digits than a number has",
    ...length("0000000000000000000005", "open"),
  ],
  ["length 3 before 5 bytes", "two bytes behind the end", ...length("3", "open")],
  ["length 0 before 5 bytes", "five bytes behind the end", ...length("0", "open")],
  ["length 9 before 5 bytes, closed", "cut off", ...length("9")],
  ["length 9 before 5 bytes, reset", "cut off", framedBy("Content-Length: 9\r\n"), { end: "reset" }],
  ["length 9 before 5 bytes, nothing more", "waits", ...length("9", "open")],
  ["length 5, nothing, closed", "a head and no body", `${OK}${LENGTH}\r\n`, { end: "closed" }],
  ["length 5, nothing, reset", "a head and no body", `${OK}${LENGTH}\r\n`, { end: "reset" }],
  ["length +5", "a sign is no digit", ...length("+5")],
  ["length -5", "negative", ...length("-5")],
  ["length -0", "negative zero", ...length("-0")],
  ["an empty length", "no digit", ...length("")],
  ["length five", "no digit", ...length("five")],
  ["length 0x5", "hexadecimal", ...length("0x5")],
  ["length 5.0", "a fraction", ...length("5.0")],
  ["length 5e0", "an exponent", ...length("5e0")],
  ["length 5 5", "two words", ...length("5 5")],
  ["length 5, 5", "a list of equal ones, RFC 9110 section 8.6", ...length("5, 5")],
  ["length 5, 3", "a list of different ones", ...length("5, 3")],
  ["length 5;", "a parameter", ...length("5;")],
  ["length 5 and a blank", "blanks are no part of it", ...length("5 ", "open")],
  ["length 5 and a tab", "nginx removes blanks, not tabs", ...length("5\t", "open")],
  ["a tab and length 5", "nginx removes blanks, not tabs", ...length("\t5", "open")],
  ["length 5 and a vertical tab", "a blank to isspace()", ...length("5\v")],
  ["length 5 and a NUL", "a C string would end there", ...length("5\0")],
  ["length \xb2", "a digit to some Unicode readers", ...length("\xb2")],
  ["length 9007199254740993", "no double has it", ...length("9007199254740993")],
  ["length 9223372036854775807", "the greatest of 64 bits", ...length("9223372036854775807")],
  ["length 9223372036854775808", "one more", ...length("9223372036854775808")],
  ["length 18446744073709551621", "5, to those who overflow at 64 bits", ...length("18446744073709551621")],
  ["length 4294967301", "5, to those who overflow at 32 bits", ...length("4294967301")],
  ["length of 30 digits", "more than any number", ...length("9".repeat(30))],
  ["two lengths, equal", "RFC 9110 section 8.6 lets a reader take it", framedBy(`${LENGTH}${LENGTH}`)],
  [
    "two lengths, 5 and 3",
    "response splitting",
    framedBy(`${LENGTH}Content-Length: 3\r\n`),
    { end: "closed" },
  ],
  [
    "two lengths, 3 and 5",
    "response splitting",
    framedBy(`Content-Length: 3\r\n${LENGTH}`),
    { end: "closed" },
  ],
  [
    "two lengths, 5 and none",
    "the second is empty",
    framedBy(`${LENGTH}Content-Length:\r\n`),
    { end: "closed" },
  ],
  ["a length in another case", "names are case-insensitive", framedBy("cONTENT-lENGTH: 5\r\n")],
  ["Content_Length", "another field", framedBy("Content_Length: 3\r\n"), { end: "closed" }],
  [
    "chunked and a length",
    "chunked wins, RFC 9112 section 6.3",
    `${OK}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n${BOTH}`,
  ],
  [
    "a length and chunked",
    "the other order",
    `${OK}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n${BOTH}`,
  ],
  [
    "chunked and a length that is none",
    "two faults",
    `${OK}Transfer-Encoding: chunked\r\nContent-Length: x\r\n\r\n${BOTH}`,
  ],
  [
    "identity and a length",
    "identity is no coding any more",
    framedBy(`Transfer-Encoding: identity\r\n${LENGTH}`),
  ],
  ["coding chunked", "the good one", ...coding("chunked")],
  ["coding CHUNKED", "values are case-insensitive", ...coding("CHUNKED")],
  ["coding chunked and a blank", "blanks are no part of it", ...coding("chunked ")],
  ["coding chunked and a tab", "nginx removes blanks, not tabs", ...coding("chunked\t")],
  ["coding and two tabs", "before the value", ...coding("\t\tchunked")],
  ["coding \\vchunked", "a blank to isspace()", ...coding("\vchunked")],
  ['coding "chunked"', "quoted", ...coding('"chunked"')],
  ["coding xchunked", "ends as chunked does", ...coding("xchunked")],
  ["coding chunkedx", "begins as chunked does", ...coding("chunkedx")],
  ["coding chunked;q=1", "with a parameter", ...coding("chunked;q=1")],
  ["coding chunked,", "an empty element", ...coding("chunked,")],
  ["coding ,chunked", "an empty element first", ...coding(",chunked")],
  ["coding gzip", "without chunks the body lasts until the end", ...coding("gzip")],
  ["coding gzip, chunked", "chunked last, RFC 9112 section 6.1", ...coding("gzip, chunked")],
  ["coding chunked, gzip", "chunked not last", ...coding("chunked, gzip")],
  ["coding chunked, chunked", "twice, not allowed", ...coding("chunked, chunked")],
  ["coding chunked, identity", "identity last", ...coding("chunked, identity")],
  ["coding identity", "until the end", ...coding("identity")],
  ["no coding", "an empty value", ...coding("")],
  [
    "two codings, chunked each",
    "two fields",
    `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${BOTH}`,
    { end: "closed" },
  ],
  [
    "two codings, chunked and identity",
    "one reader takes the first",
    `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n${BOTH}`,
    { end: "closed" },
  ],
  [
    "two codings, gzip and chunked",
    "two fields",
    `${OK}Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n${BOTH}`,
    { end: "closed" },
  ],
  [
    "HTTP/1.0 in chunks",
    "RFC 9112 section 6.1: faulty framing",
    `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${BOTH}`,
    { end: "closed" },
  ],
  [
    "HTTP/1.0, chunks and a length",
    "two framings, neither fits",
    `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n${LENGTH}\r\n${BOTH}`,
    { end: "closed" },
  ],
];
