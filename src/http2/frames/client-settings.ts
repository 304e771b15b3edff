import { CODE, ConnectionError, FIRST_WINDOW, MOST_WINDOW, SETTING } from "./protocol.ts";

/** A client's settings that concern what we send. unit: bytes */
export interface ClientSettings {
  firstWindow: number;
  tableSize: number;
}

/** RFC 9113 section 6.5.2, RFC 7541 section 4.2 */
export function firstSettings(): ClientSettings {
  return { firstWindow: FIRST_WINDOW, tableSize: 4_096 };
}

/**
 * Applies a SETTINGS payload in its order; unknown settings are ignored. True if the table became smaller, be it only for
 * a moment (RFC 7541 section 4.2). @throws ConnectionError
 */
export function applySettings(payload: Buffer, into: ClientSettings): boolean {
  let shrinks = false;
  if (payload.length % 6 !== 0)
    throw new ConnectionError(CODE.FRAME_SIZE_ERROR, "SETTINGS has half a setting");
  for (let at = 0; at < payload.length; at += 6) {
    const value = payload.readUInt32BE(at + 2);
    switch (payload.readUInt16BE(at)) {
      case SETTING.HEADER_TABLE_SIZE:
        shrinks ||= value < into.tableSize;
        into.tableSize = value;
        break;
      case SETTING.ENABLE_PUSH:
        if (value > 1) throw new ConnectionError(CODE.PROTOCOL_ERROR, `ENABLE_PUSH is ${value}`);
        break;
      case SETTING.INITIAL_WINDOW_SIZE:
        if (value > MOST_WINDOW)
          throw new ConnectionError(CODE.FLOW_CONTROL_ERROR, `INITIAL_WINDOW_SIZE is ${value}`);
        into.firstWindow = value;
        break;
      case SETTING.MAX_FRAME_SIZE:
        if (value < 16_384 || value > 16_777_215)
          throw new ConnectionError(CODE.PROTOCOL_ERROR, `MAX_FRAME_SIZE is ${value}`);
    }
  }
  return shrinks;
}
