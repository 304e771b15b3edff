import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { HeaderDecoder } from "../../src/http2/hpack/decoder.ts";

// Types, flags and settings of RFC 9113 sections 6 and 6.5.2.
const HEADERS = 0x1;
const SETTINGS = 0x4;
const GOAWAY = 0x7;
const CONTINUATION = 0x9;
const ACK = 0x1;
const END_STREAM = 0x1;
const END_HEADERS = 0x4;
const PADDED = 0x8;
const PRIORITY = 0x20;
const HEADER_TABLE_SIZE = 0x1;

const PREFACE_LENGTH = 24;
const FRAME_HEAD = 9;

export interface H2Peer {
  readonly url: string;
  readonly server: Server;
  /** Each header block as it came, and what it says. */
  readonly blocks: { readonly bytes: Buffer; readonly list: readonly string[] }[];
  /** Codes of the client's GOAWAY frames. */
  readonly closed: number[];
}

/**
 * Just enough of an HTTP/2 server to see the header blocks of one client, and to answer with blocks of ours.
 *
 * @param tableBytes SETTINGS_HEADER_TABLE_SIZE
 * @param answer the block that answers this list
 */
export async function h2Peer(
  tableBytes: number,
  answer: (list: readonly string[]) => string,
): Promise<H2Peer> {
  const blocks: { bytes: Buffer; list: readonly string[] }[] = [];
  const closed: number[] = [];
  const server = createServer((socket) => {
    const decoder = new HeaderDecoder(tableBytes);
    let unread = Buffer.alloc(0);
    let block = Buffer.alloc(0);
    let from = PREFACE_LENGTH;
    const size = Buffer.alloc(6);
    size.writeUInt16BE(HEADER_TABLE_SIZE);
    size.writeUInt32BE(tableBytes, 2);
    socket.write(frame(SETTINGS, 0, 0, size));
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => {
      unread = Buffer.concat([unread, bytes]);
      while (unread.length >= from + FRAME_HEAD) {
        const end = from + FRAME_HEAD + unread.readUIntBE(from, 3);
        if (unread.length < end) break;
        const type = unread.readUInt8(from + 3);
        const flags = unread.readUInt8(from + 4);
        const stream = unread.readUInt32BE(from + 5);
        const payload = unread.subarray(from + FRAME_HEAD, end);
        if (type === SETTINGS && (flags & ACK) === 0) socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)));
        if (type === GOAWAY) closed.push(payload.readUInt32BE(4));
        if (type === HEADERS) block = Buffer.from(fragment(payload, flags));
        if (type === CONTINUATION) block = Buffer.concat([block, payload]);
        if ((type === HEADERS || type === CONTINUATION) && (flags & END_HEADERS) !== 0) {
          const list = decoder.decode(block, { bytes: 1_000_000, lines: 1_000 }) ?? [];
          blocks.push({ bytes: block, list });
          const written = Buffer.from(answer(list), "latin1");
          socket.write(frame(HEADERS, END_STREAM | END_HEADERS, stream, written));
        }
        from = end;
      }
      unread = unread.subarray(from);
      from = 0;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, blocks, closed };
}

function fragment(payload: Buffer, flags: number): Buffer {
  const padding = flags & PADDED ? payload.readUInt8(0) : 0;
  const from = (flags & PADDED ? 1 : 0) + (flags & PRIORITY ? 5 : 0);
  return payload.subarray(from, payload.length - padding);
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(FRAME_HEAD);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
