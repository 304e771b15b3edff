import type { Socket } from "node:net";
import { readFirst } from "../../http1/first-bytes.ts";

/** The first message of a TLS client as far as it has come. */
export type ClientHello =
  /** It may still become one. */
  | { readonly kind: "more" }
  /** No TLS at all: other bytes. */
  | { readonly kind: "other" }
  /** The name it asks for (RFC 6066 section 3), one char a byte; absent where it asks for none, or nothing can be read. */
  | { readonly kind: "hello"; readonly servername: string | undefined };

/** The first byte of a TLS record that opens a handshake (RFC 8446 section 5.1). */
const HANDSHAKE = 22;
/** The first byte of a handshake message that is a ClientHello (RFC 8446 section 4). */
const CLIENT_HELLO = 1;
/** More than this no client has to say, post-quantum keys and all; OpenSSL is left to judge what does. Bytes. */
const MOST_BYTES = 65_536;

/** Reads the first bytes of a connection. Never throws: what is malformed is a hello without a name, for OpenSSL to refuse. */
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
    // Lengths that lead beyond the end.
  }
  return undefined;
}

/** The first name of type host_name (0) in a list of names. */
function hostIn(extension: Buffer): string | undefined {
  const end = 2 + extension.readUInt16BE(0);
  for (let at = 2; at + 3 <= end; at += 3 + extension.readUInt16BE(at + 1))
    if (extension[at] === 0)
      return extension.toString("latin1", at + 3, at + 3 + extension.readUInt16BE(at + 1));
  return undefined;
}

/**
 * Waits for the first message of a client, for at most `ms`; then, or where the client leaves, the connection ends. What
 * was read is put back in front of the socket's bytes before `done` is called, once.
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
