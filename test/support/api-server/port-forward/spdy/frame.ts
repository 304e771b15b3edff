/** A frame of SPDY/3.1, as far as a port-forward knows them (SPDY Protocol draft 3.1, section 2.2). */
export type Frame =
  | { readonly kind: "data"; readonly stream: number; readonly last: boolean; readonly bytes: Buffer }
  | { readonly kind: "syn-stream"; readonly stream: number; readonly last: boolean; readonly headers: Buffer }
  | { readonly kind: "reset"; readonly stream: number }
  | { readonly kind: "ping"; readonly bytes: Buffer }
  | { readonly kind: "other" };

const FIN = 1;
const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;

/** Frames of a stream of bytes, however these are cut. */
export async function* readFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let pending = Buffer.alloc(0);
  for await (const chunk of source) {
    pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk]);
    let offset = 0;
    while (pending.length - offset >= 8) {
      const end = offset + 8 + pending.readUIntBE(offset + 5, 3);
      if (pending.length < end) break;
      yield frameOf(pending.subarray(offset, end));
      offset = end;
    }
    pending = pending.subarray(offset);
  }
}

function frameOf(bytes: Buffer): Frame {
  const first = bytes.readUInt32BE(0);
  const last = ((bytes[4] ?? 0) & FIN) !== 0;
  const body = bytes.subarray(8);
  if (first < 0x80000000) return { kind: "data", stream: first, last, bytes: body };
  const stream = () => body.readUInt32BE(0) & 0x7fffffff;
  switch (first & 0xffff) {
    case SYN_STREAM:
      return { kind: "syn-stream", stream: stream(), last, headers: body.subarray(10) };
    case RST_STREAM:
      return { kind: "reset", stream: stream() };
    case PING:
      return { kind: "ping", bytes };
    default:
      return { kind: "other" };
  }
}

/** A data frame. */
export function dataFrame(stream: number, bytes: Buffer, last: "last" | "more"): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(stream);
  head.writeUIntBE(bytes.length, 5, 3);
  if (last === "last") head[4] = FIN;
  return Buffer.concat([head, bytes]);
}

/** The answer to a `SYN_STREAM`, with a block of headers as the connection's zlib stream has it. */
export function synReply(stream: number, headers: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32BE(0x80030000 + SYN_REPLY);
  head.writeUIntBE(4 + headers.length, 5, 3);
  head.writeUInt32BE(stream, 8);
  return Buffer.concat([head, headers]);
}
