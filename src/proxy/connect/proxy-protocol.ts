import { isIPv6, type Socket } from "node:net";

/** The start of a client's connection (https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt). */
export type ProxyHeader =
  | { readonly kind: "header"; readonly bytes: number; readonly line: string }
  /** Not yet complete. */
  | { readonly kind: "partial" }
  | { readonly kind: "none" };

const SIGNATURE = Buffer.from("0d0a0d0a000d0a515549540a", "hex");
/** Section 2.1: longest version 1 line, line end included. */
const LONGEST_LINE = 107;
const FIXED_BYTES = 16;
const MOST_PORT = 65_535;

/** Reads a version 1 or 2 header. `line` is in the form of version 1. */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  const begins = (magic: Buffer) => {
    const length = Math.min(magic.length, bytes.length);
    return bytes.subarray(0, length).equals(magic.subarray(0, length));
  };
  if (begins(Buffer.from("PROXY "))) return readLine(bytes);
  return begins(SIGNATURE) ? readBinary(bytes) : { kind: "none" };
}

function readLine(bytes: Buffer): ProxyHeader {
  const end = bytes.indexOf("\r\n");
  if (end === -1) return bytes.length < LONGEST_LINE ? { kind: "partial" } : { kind: "none" };
  const line = bytes.toString("latin1", 0, end);
  const [known, ...ports] =
    /^PROXY (?:UNKNOWN\b.*|TCP[46] [\da-f.:]+ [\da-f.:]+ (\d{1,5}) (\d{1,5}))$/i.exec(line) ?? [];
  const isOne = known !== undefined && ports.every((port = "0") => Number(port) <= MOST_PORT);
  return isOne && end + 2 <= LONGEST_LINE ? { kind: "header", bytes: end + 2, line } : { kind: "none" };
}

function readBinary(bytes: Buffer): ProxyHeader {
  if (bytes.length < FIXED_BYTES) return { kind: "partial" };
  if (bytes.readUInt8(12) >> 4 !== 2) return { kind: "none" };
  const length = FIXED_BYTES + bytes.readUInt16BE(14);
  if (bytes.length < length) return { kind: "partial" };
  const line = lineOfBinary(bytes.subarray(0, length));
  return line === undefined ? { kind: "none" } : { kind: "header", bytes: length, line };
}

/**
 * Section 2.2: after the fixed part two addresses of 4 or 16 bytes, then the ports; `undefined` if cut off.
 */
function lineOfBinary(bytes: Buffer): string | undefined {
  const isProxied = (bytes.readUInt8(12) & 0x0f) === 1;
  const family = bytes.readUInt8(13);
  const size = family === 0x11 ? 4 : family === 0x21 ? 16 : 0;
  if (!isProxied || size === 0) return "PROXY UNKNOWN";
  if (bytes.length < FIXED_BYTES + 2 * size + 4) return undefined;
  const address = (at: number) => addressOf(bytes.subarray(at, at + size));
  const ports = FIXED_BYTES + 2 * size;
  const [from, to] = [address(FIXED_BYTES), address(FIXED_BYTES + size)];
  return `PROXY TCP${size === 4 ? 4 : 6} ${from} ${to} ${bytes.readUInt16BE(ports)} ${bytes.readUInt16BE(ports + 2)}`;
}

function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  return Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(group * 2).toString(16)).join(":");
}

/** The version 1 line of a client's connection, line end included. */
export function proxyLine({
  remoteAddress,
  localAddress,
  remotePort,
  localPort,
}: Partial<Pick<Socket, "remoteAddress" | "localAddress" | "remotePort" | "localPort">>): string {
  if (remoteAddress === undefined || localAddress === undefined) return "PROXY UNKNOWN\r\n";
  const family = isIPv6(remoteAddress) ? 6 : 4;
  return `PROXY TCP${family} ${remoteAddress} ${localAddress} ${remotePort ?? 0} ${localPort ?? 0}\r\n`;
}
