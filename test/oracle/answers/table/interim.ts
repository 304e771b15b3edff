import { CHUNKED, GOOD, LENGTH, type Row } from "./row.ts";

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

/** Statuses from 100 to 199. nginx 1.22 takes each for the whole answer. */
export const INTERIM: readonly Row[] = [
  ["100 before the answer", "RFC 9110 section 15.2.1: nobody asked for it", `${CONTINUE}${GOOD}`],
  ["100 before the answer, closed", "the same, and an end", `${CONTINUE}${GOOD}`, { end: "closed" }],
  [
    "100 before the answer, POST",
    "some servers always send it",
    `${CONTINUE}${GOOD}`,
    { method: "POST", end: "closed" },
  ],
  [
    "100 before the answer, HEAD",
    "no body either way",
    `${CONTINUE}HTTP/1.1 200 OK\r\n${LENGTH}\r\n`,
    { method: "HEAD", end: "closed" },
  ],
  ["100 twice", "as often as a server likes", `${CONTINUE}${CONTINUE}${GOOD}`, { end: "closed" }],
  ["100 and nothing else, closed", "no answer", CONTINUE, { end: "closed" }],
  ["100 and nothing else, reset", "no answer", CONTINUE, { end: "reset" }],
  ["100 and nothing else, nothing more", "waits", CONTINUE],
  [
    "100 with a length",
    "an interim answer has no body",
    `HTTP/1.1 100 Continue\r\n${LENGTH}\r\nhello${GOOD}`,
    { end: "closed" },
  ],
  [
    "100 with a length of 0",
    "an interim answer has no body",
    `HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\n${GOOD}`,
    { end: "closed" },
  ],
  [
    "100 in chunks",
    "an interim answer has no body",
    `HTTP/1.1 100 Continue\r\n${CHUNKED}\r\n0\r\n\r\n${GOOD}`,
    { end: "closed" },
  ],
  [
    "100 by HTTP/1.0",
    "HTTP/1.0 has no interim answers",
    `HTTP/1.0 100 Continue\r\n\r\n${GOOD}`,
    { end: "closed" },
  ],
  ["100 with LF alone", "mixed line ends", `HTTP/1.1 100 Continue\n\n${GOOD}`, { end: "closed" }],
  ["100, then garbage", "the answer behind it is none", `${CONTINUE}garbage\r\n\r\n`, { end: "closed" }],
  ["102 before the answer", "WebDAV's", `HTTP/1.1 102 Processing\r\n\r\n${GOOD}`, { end: "closed" }],
  ["103 before the answer", "RFC 8297", `${HINTS}${GOOD}`, { end: "closed" }],
  ["103 five times", "RFC 8297: several are allowed", `${HINTS.repeat(5)}${GOOD}`, { end: "closed" }],
  ["103 forty times", "more than the buffer holds", `${HINTS.repeat(90)}${GOOD}`, { end: "closed" }],
  [
    "100, 102 and 103",
    "any mixture",
    `${CONTINUE}HTTP/1.1 102 Processing\r\n\r\n${HINTS}${GOOD}`,
    { end: "closed" },
  ],
  ["103 on a kept connection", "a second request", `${HINTS}${GOOD}`, { end: "closed", connection: "kept" }],
  ["199 before the answer", "unknown, but interim", `HTTP/1.1 199 Odd\r\n\r\n${GOOD}`, { end: "closed" }],
  ["101 that nobody asked for", "no tunnel", `${SWITCH}tunnel`, { end: "closed" }],
  ["101 that nobody asked for, nothing more", "no tunnel", `${SWITCH}tunnel`],
  ["101 that nobody asked for, POST", "no tunnel", `${SWITCH}tunnel`, { method: "POST", end: "closed" }],
  [
    "101 with a length",
    "a body or a tunnel",
    `HTTP/1.1 101 Switching Protocols\r\n${LENGTH}\r\nhello`,
    { end: "closed" },
  ],
  ["101 before the answer", "an answer within a tunnel", `${SWITCH}${GOOD}`, { end: "closed" }],
  ["100, then 101", "a switch behind an interim answer", `${CONTINUE}${SWITCH}tunnel`, { end: "closed" }],
];
