import { NameCache } from "./name-cache.ts";
import { STATIC_NAMES, STATIC_VALUES } from "./static-table.ts";

/*
 * Header blocks as latin1 text, one char per byte. Nothing is added to the peer's table: no secret of one answer
 * shows in the size of another, and nothing is kept per connection. Strings are not in Huffman's code: over the
 * loopback a quarter fewer bytes would not pay for packing bits.
 */

const INDEXED = 0x80;
const INDEX = 0x7f;
const WITHOUT_INDEXING = 0x00;
const NEVER_INDEXED = 0x10;
const NAME = 0x0f;
const SIZE_UPDATE = 0x20;
const LENGTH = 0x7f;

/** A proxy on the way must not put these in a table either (RFC 7541 section 7.1.3). */
const SECRETS = new Set(["set-cookie", "authorization"]);

const statuses = new Map<number, string>();
const names = new NameCache<string>();

/** @param status of 100 to 999 */
export function encodeStatus(status: number): string {
  let encoded = statuses.get(status);
  if (encoded === undefined) {
    const text = String(status);
    const index = STATIC_NAMES.findIndex((name, at) => name === ":status" && STATIC_VALUES[at] === text);
    encoded = index < 0 ? encodeField(":status", text) : number(INDEXED, INDEX, index);
    statuses.set(status, encoded);
  }
  return encoded;
}

/** @param name in lower case */
export function encodeField(name: string, value: string): string {
  return (names.get(name) ?? encodeName(name)) + number(0, LENGTH, value.length) + value;
}

/**
 * Sets the peer's table to 0 bytes. It has to begin the first block after we acknowledge a smaller
 * SETTINGS_HEADER_TABLE_SIZE than the one before (RFC 7541 section 4.2), also where no table is used: nghttp2
 * closes the connection without it. Once is enough for a connection: nothing is smaller than 0.
 */
export function tableSizeUpdate(): string {
  return number(SIZE_UPDATE, 0x1f, 0);
}

function encodeName(name: string): string {
  const kind = SECRETS.has(name) ? NEVER_INDEXED : WITHOUT_INDEXING;
  const index = Math.max(STATIC_NAMES.indexOf(name, 1), 0);
  const encoded = number(kind, NAME, index) + (index > 0 ? "" : number(0, LENGTH, name.length) + name);
  return names.keep(name, encoded);
}

/** RFC 7541 section 5.1: in the bits of the mask, or behind them, seven bits a byte, the lowest first. */
function number(kind: number, mask: number, value: number): string {
  if (value < mask) return String.fromCharCode(kind | value);
  let bytes = String.fromCharCode(kind | mask);
  let rest = value - mask;
  for (; rest >= 0x80; rest >>>= 7) bytes += String.fromCharCode(0x80 | (rest & 0x7f));
  return bytes + String.fromCharCode(rest);
}
