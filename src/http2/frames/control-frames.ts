import { CODE, ConnectionError, type ErrorCode, FLAG } from "./protocol.ts";

/** Frames about a connection, or about a stream's end and window: their sizes and streams (RFC 9113 section 6). */

/** The bytes of a PING, to be sent back; `undefined`: it is an answer. @throws ConnectionError */
export function readPing(flags: number, id: number, payload: Buffer): Buffer | undefined {
  check(payload.length === 8, CODE.FRAME_SIZE_ERROR, "a PING has not eight bytes");
  check(id === 0, CODE.PROTOCOL_ERROR, "a PING is of a stream");
  return (flags & FLAG.ACK) === 0 ? payload : undefined;
}

/** @throws ConnectionError */
export function checkGoaway(id: number, payload: Buffer): void {
  check(id === 0, CODE.PROTOCOL_ERROR, "a GOAWAY is of a stream");
  check(payload.length >= 8, CODE.FRAME_SIZE_ERROR, "a GOAWAY has no code");
}

/** True if it acknowledges ours. @throws ConnectionError */
export function isSettingsAck(flags: number, id: number, payload: Buffer): boolean {
  check(id === 0, CODE.PROTOCOL_ERROR, "SETTINGS are of a stream");
  const isAck = (flags & FLAG.ACK) !== 0;
  check(!isAck || payload.length === 0, CODE.FRAME_SIZE_ERROR, "an acknowledgement sets something");
  return isAck;
}

/** How much larger a window is. unit: bytes. @throws ConnectionError */
export function readWindow(payload: Buffer): number {
  check(payload.length === 4, CODE.FRAME_SIZE_ERROR, "a WINDOW_UPDATE has not four bytes");
  return payload.readUInt32BE(0) & 0x7fffffff;
}

/** @throws ConnectionError */
export function checkReset(payload: Buffer): void {
  check(payload.length === 4, CODE.FRAME_SIZE_ERROR, "a RST_STREAM has not four bytes");
}

/** @throws ConnectionError */
export function check(isRight: boolean, code: ErrorCode, wrong: string): void {
  if (!isRight) throw new ConnectionError(code, wrong);
}
