import type { Socket } from "node:net";
import { readFirst } from "../../http1/first-bytes.ts";

export type ClientHello =
  /** Not yet complete. */
  | { readonly kind: "more" }
  /** Not TLS. */
  | { readonly kind: "other" }
  /** `servername`: the SNI (RFC 6066 section 3), one char per byte; absent if not sent or unreadable. */
  | { readonly kind: "hello"; readonly servername: string | undefined };

/** First byte of a handshake record (RFC 8446 section 5.1). */
const HANDSHAKE = 22;
/** First byte of a ClientHello (RFC 8446 section 4). */
const CLIENT_HELLO = 1;
/** More than any hello needs, post-quantum keys included; OpenSSL judges longer ones. unit: bytes */
const MOST_BYTES = 65_536;

/** Never throws: malformed input is a hello without a name, which OpenSSL refuses. */
export function parseHello(bytes: Buffer): ClientHello {
  if (bytes.length === 0) return { kind: "more" };
  if (bytes[0] !== HANDSHAKE) return { kind: "other" };
  const fragments: Buffer[] = [];
  let length = 0;
  for (let at = 0; at + 5 <= bytes.length; ) {
    if (bytes[at] !== HANDSHAKE) return { kind: "hello", servername: undefined };
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    fragments.push(bytes.subarray(at + 5, Math.min(end, bytes.length)));
    length += Math.min(end, bytes.length) - at - 5;
    const message = length >= 4 ? Buffer.concat(fragments) : undefined;
    if (message !== undefined) {
      if (message[0] !== CLIENT_HELLO) return { kind: "hello", servername: undefined };
      const size = 4 + message.readUIntBE(1, 3);
      if (message.length >= size) return { kind: "hello", servername: nameIn(message.subarray(4, size)) };
    }
    at = end;
  }
  return bytes.length >= MOST_BYTES ? { kind: "hello", servername: undefined } : { kind: "more" };
}

/** RFC 8446 section 4.1.2: version, random, session, ciphers, compression, extensions. */
function nameIn(hello: Buffer): string | undefined {
  try {
    let at = 2 + 32;
    at += 1 + hello.readUInt8(at);
    at += 2 + hello.readUInt16BE(at);
    at += 1 + hello.readUInt8(at);
    const end = at + 2 + hello.readUInt16BE(at);
    for (at += 2; at + 4 <= end; at += 4 + hello.readUInt16BE(at + 2))
      if (hello.readUInt16BE(at) === 0)
        return hostIn(hello.subarray(at + 4, at + 4 + hello.readUInt16BE(at + 2)));
  } catch {
    // Lengths beyond the end.
  }
  return undefined;
}

/** The first name of type host_name (0). */
function hostIn(extension: Buffer): string | undefined {
  const end = 2 + extension.readUInt16BE(0);
  for (let at = 2; at + 3 <= end; at += 3 + extension.readUInt16BE(at + 1))
    if (extension[at] === 0)
      return extension.toString("latin1", at + 3, at + 3 + extension.readUInt16BE(at + 1));
  return undefined;
}

/**
 * Waits at most `ms` for a client's first message, else ends the connection. The bytes are back in the socket
 * before `done` is called, once.
 */
export function readHello(
  socket: Socket,
  ms: number,
  done: (hello: Exclude<ClientHello, { kind: "more" }>, bytes: Buffer) => void,
): void {
  readFirst(socket, ms, (bytes) => {
    const hello = parseHello(bytes);
    return hello.kind === "more" ? undefined : { taken: 0, go: () => done(hello, bytes) };
  });
}
