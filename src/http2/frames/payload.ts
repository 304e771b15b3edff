import { CODE, ConnectionError, FLAG } from "./protocol.ts";

/** A DATA or HEADERS payload without its padding and priority. @throws ConnectionError (RFC 9113 sections 6.1, 6.2) */
export function unpadded(payload: Buffer, flags: number): Buffer {
  if ((flags & FLAG.PADDED) === 0) return payload;
  const padding = payload[0];
  if (padding === undefined || padding >= payload.length)
    throw new ConnectionError(CODE.PROTOCOL_ERROR, "the padding is longer than its frame");
  return payload.subarray(1, payload.length - padding);
}

/** The header block of a HEADERS payload. @throws ConnectionError */
export function blockOf(payload: Buffer, flags: number, id: number): Buffer {
  const whole = unpadded(payload, flags);
  if ((flags & FLAG.PRIORITY) === 0) return whole;
  if (whole.length < PRIORITY_BYTES)
    throw new ConnectionError(CODE.FRAME_SIZE_ERROR, "a priority is shorter than five bytes");
  checkPriority(whole, id);
  return whole.subarray(PRIORITY_BYTES);
}

export const PRIORITY_BYTES = 5;

/** Priorities are ignored (RFC 9113 section 5.3), but for a circle (RFC 7540 section 5.3.1). @throws ConnectionError */
export function checkPriority(payload: Buffer, id: number): void {
  if ((payload.readUInt32BE(0) & 0x7fffffff) === id)
    throw new ConnectionError(CODE.PROTOCOL_ERROR, `stream ${id} depends on itself`);
}
