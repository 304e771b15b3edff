import { expect, test } from "vitest";
import { proxyLine, readProxyHeader } from "../../../src/proxy/connect/proxy-protocol.ts";

const SIGNATURE = "0d0a0d0a000d0a515549540a";
const ipv4 = Buffer.from(`${SIGNATURE}21 11 000c c0a80001 7f000001 d431 0050`.replaceAll(" ", ""), "hex");
const local = Buffer.from(`${SIGNATURE}20 00 0000`.replaceAll(" ", ""), "hex");
const ipv6 = Buffer.from(
  `${SIGNATURE}21 21 0024 20010db8000000000000000000000001 00000000000000000000000000000001 d431 0050`.replaceAll(
    " ",
    "",
  ),
  "hex",
);

test.each<[string, Buffer, unknown]>([
  [
    "version 1",
    Buffer.from("PROXY TCP4 192.168.0.1 10.0.0.1 54321 80\r\nhello"),
    { kind: "header", bytes: 42, line: "PROXY TCP4 192.168.0.1 10.0.0.1 54321 80" },
  ],
  [
    "version 1, unknown",
    Buffer.from("PROXY UNKNOWN\r\n"),
    { kind: "header", bytes: 15, line: "PROXY UNKNOWN" },
  ],
  ["version 1, so far", Buffer.from("PROXY TCP4 192.1"), { kind: "partial" }],
  ["nothing yet", Buffer.alloc(0), { kind: "partial" }],
  ["version 1, never ending", Buffer.from(`PROXY TCP4 ${"1".repeat(200)}`), { kind: "none" }],
  ["version 1, nonsense", Buffer.from("PROXY of nothing\r\n"), { kind: "none" }],
  ["something else", Buffer.from("GET / HTTP/1.1\r\n"), { kind: "none" }],
  [
    "version 2, IPv4",
    Buffer.concat([ipv4, Buffer.from("hi")]),
    { kind: "header", bytes: 28, line: "PROXY TCP4 192.168.0.1 127.0.0.1 54321 80" },
  ],
  [
    "version 2, IPv6",
    ipv6,
    { kind: "header", bytes: 52, line: "PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:0:0:1 54321 80" },
  ],
  ["version 2, local", local, { kind: "header", bytes: 16, line: "PROXY UNKNOWN" }],
  ["version 2, so far", ipv4.subarray(0, 20), { kind: "partial" }],
  [
    "version 1, a port that is none",
    Buffer.from("PROXY TCP4 192.168.0.1 10.0.0.1 65536 80\r\n"),
    { kind: "none" },
  ],
  [
    "version 2, a length that cuts the addresses off: what follows is none of them",
    Buffer.concat([ipv4.subarray(0, 14), Buffer.from([0, 1]), ipv4.subarray(16)]),
    { kind: "none" },
  ],
  ["version 3", Buffer.from(`${SIGNATURE}31110000`, "hex"), { kind: "none" }],
])("%s", (_, bytes, header) => expect(readProxyHeader(bytes)).toEqual(header));

test.each([
  [
    { remoteAddress: "127.0.0.1", localAddress: "127.0.0.2", remotePort: 1, localPort: 2 },
    "PROXY TCP4 127.0.0.1 127.0.0.2 1 2\r\n",
  ],
  [{ remoteAddress: "::1", localAddress: "::1", remotePort: 1, localPort: 2 }, "PROXY TCP6 ::1 ::1 1 2\r\n"],
  [{}, "PROXY UNKNOWN\r\n"],
])("what a backend is sent: %j", (socket, line) => expect(proxyLine(socket)).toBe(line));
