/** Types of frames (RFC 9113 section 6). */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const FLAG = { ack: 1, endStream: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

/** Settings (RFC 9113 section 6.5.2). */
export const SETTING = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

const ERRORS = [
  ...["NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT"],
  ...["STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR"],
  ...["CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"],
];

/** The name of an error code (RFC 9113 section 7). */
export function errorName(code: number): string {
  return ERRORS[code] ?? `error ${code}`;
}

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

const NOTHING = Buffer.alloc(0);

/** `length`: what the frame says; default: the truth. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = NOTHING,
  length = payload.length,
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, payload]);
}

/** The first whole frame of these bytes, and its size; `undefined`: more has to come. */
export function readFrame(bytes: Buffer): { frame: Frame; size: number } | undefined {
  if (bytes.length < 9) return undefined;
  const size = 9 + bytes.readUIntBE(0, 3);
  if (bytes.length < size) return undefined;
  const stream = bytes.readUInt32BE(5) & 0x7fff_ffff;
  return {
    frame: { type: bytes[3] ?? 0, flags: bytes[4] ?? 0, stream, payload: bytes.subarray(9, size) },
    size,
  };
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

export function settings(...pairs: readonly (readonly [number, number])[]): Buffer {
  const payload = Buffer.alloc(pairs.length * 6);
  for (const [i, [name, value]] of pairs.entries()) {
    payload.writeUInt16BE(name, i * 6);
    payload.writeUInt32BE(value, i * 6 + 2);
  }
  return frame(FRAME.settings, 0, 0, payload);
}

export function data(stream: number, bytes: Buffer | string, end: "end" | "more" = "end"): Buffer {
  return frame(FRAME.data, end === "end" ? FLAG.endStream : 0, stream, Buffer.from(bytes));
}

export function windowUpdate(stream: number, by: number): Buffer {
  return frame(FRAME.windowUpdate, 0, stream, uint32(by));
}

export function rstStream(stream: number, code: number): Buffer {
  return frame(FRAME.rstStream, 0, stream, uint32(code));
}

export function ping(text: string, flags = 0): Buffer {
  return frame(FRAME.ping, flags, 0, Buffer.from(text));
}

/** Padded bytes: their length, and as many zeros behind. */
export function padded(bytes: Buffer | string, zeros: number, said = zeros): Buffer {
  return Buffer.concat([Buffer.from([said]), Buffer.from(bytes), Buffer.alloc(zeros)]);
}
