import type { Duplex } from "node:stream";

/** The head of one request as it goes over the wire, without its end. */
export interface OwnHead {
  /** One char a byte: the request line and the headers, each with its line end. */
  readonly text: string;
  /** `not-said`: a body may follow whose length the head does not say. */
  readonly framed: "said" | "not-said";
}

/** What a client of HTTP of Node's or undici's writes its requests to. */
export interface HeadSlot {
  /** Taken, once, for the next head that is written. */
  head: OwnHead | undefined;
}

/** As undici and Node call it. */
type Write = (chunk: unknown, encoding: BufferEncoding, written?: (error?: Error | null) => void) => boolean;

/** What undici writes behind the headers where it sends a body in chunks. */
const CHUNKED = "transfer-encoding: chunked\r\n";

/**
 * Lets a stream write heads of our own in place of those that an HTTP client makes up.
 *
 * undici writes a `connection` header and, for methods that may have a body, `content-length: 0` of its own accord, with
 * the host first and in lower case, and refuses `upgrade` and a second `host`: nothing of which it can be told to leave.
 * nginx sends neither. A head is the first text that a client writes for a request; bodies are bytes, and what frames
 * their chunks comes behind it.
 */
export function withOwnHead<Stream extends Duplex>(stream: Stream, slot: HeadSlot): Stream {
  const write: Write = stream.write.bind(stream);
  const replaced: Write = (chunk, encoding, written) => {
    const { head } = slot;
    if (head === undefined || typeof chunk !== "string") return write(chunk, encoding, written);
    slot.head = undefined;
    return write(head.text + endOf(head, chunk), "latin1", written);
  };
  return Object.assign(stream, { write: replaced });
}

/** Begun by `Transfer-Encoding` where the client has decided so; a body that turned out to be empty has a length. */
function endOf({ framed }: OwnHead, written: string): string {
  if (framed === "said") return "\r\n";
  // The line that ends the head comes with the first chunk.
  return written.endsWith(CHUNKED) ? "Transfer-Encoding: chunked\r\n" : "Content-Length: 0\r\n\r\n";
}

/** A name or value with one of these would be more than a line, or no bytes. */
const NO_LINE = /[\0\r\n]|[^\0-\xff]/;

/** The head of a request in HTTP/1. Throws for a header that is more than one line. */
export function headText(
  line: { readonly method: string; readonly path: string; readonly version: "1.0" | "1.1" },
  headers: readonly string[],
): string {
  let text = `${line.method} ${line.path} HTTP/${line.version}\r\n`;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const value = headers[i + 1] ?? "";
    if (NO_LINE.test(value))
      throw new Error(`the header ${headers[i]} is no header line: ${JSON.stringify(value)}`);
    text += `${headers[i]}: ${value}\r\n`;
  }
  return text;
}
