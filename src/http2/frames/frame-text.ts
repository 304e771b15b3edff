import { FLAG, FRAME, SETTING } from "./protocol.ts";

/** Frames as text, one char per byte: several are joined and written at once. */

/** The nine bytes before a payload (RFC 9113 section 4.1). */
export function frameHead(length: number, type: number, flags: number, id: number): string {
  return String.fromCharCode(
    (length >>> 16) & 255,
    (length >>> 8) & 255,
    length & 255,
    type,
    flags,
    (id >>> 24) & 255,
    (id >>> 16) & 255,
    (id >>> 8) & 255,
    id & 255,
  );
}

function number32(value: number): string {
  return String.fromCharCode((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

/** A header block in frames of at most `most` bytes. `end`: nothing follows on the stream. */
export function headersText(id: number, block: string, follows: "end" | "more", most: number): string {
  const ends = follows === "end" ? FLAG.END_STREAM : 0;
  if (block.length <= most)
    return frameHead(block.length, FRAME.HEADERS, ends | FLAG.END_HEADERS, id) + block;
  let text = frameHead(most, FRAME.HEADERS, ends, id) + block.slice(0, most);
  for (let at = most; at < block.length; at += most) {
    const part = block.slice(at, at + most);
    const flags = at + most >= block.length ? FLAG.END_HEADERS : 0;
    text += frameHead(part.length, FRAME.CONTINUATION, flags, id) + part;
  }
  return text;
}

export function resetText(id: number, code: number): string {
  return frameHead(4, FRAME.RST_STREAM, 0, id) + number32(code);
}

export function windowText(id: number, bytes: number): string {
  return frameHead(4, FRAME.WINDOW_UPDATE, 0, id) + number32(bytes);
}

export function goawayText(lastId: number, code: number): string {
  return frameHead(8, FRAME.GOAWAY, 0, 0) + number32(lastId) + number32(code);
}

export function pongText(opaque: Buffer): string {
  return frameHead(8, FRAME.PING, FLAG.ACK, 0) + opaque.toString("latin1");
}

/** Its answer shows that the client has read what came before it. */
export const PING = `${frameHead(8, FRAME.PING, 0, 0)}\0\0\0\0\0\0\0\0`;

export const SETTINGS_ACK = frameHead(0, FRAME.SETTINGS, FLAG.ACK, 0);

export function settingsText(settings: readonly (readonly [keyof typeof SETTING, number])[]): string {
  let text = frameHead(6 * settings.length, FRAME.SETTINGS, 0, 0);
  for (const [name, value] of settings) text += String.fromCharCode(0, SETTING[name]) + number32(value);
  return text;
}
