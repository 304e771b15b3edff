import type { Duplex } from "node:stream";

/** The head of a request on the wire, without its end. */
interface OwnHead {
  /** Request line and headers with line ends; one char per byte. */
  readonly text: string;
  /** `not-said`: a body of unstated length may follow. */
  readonly framed: "said" | "not-said";
}

/** The stream to which undici or Node writes requests. */
export interface HeadSlot {
  /** Used once, for the next written head. */
  head: OwnHead | undefined;
}

type Write = (chunk: unknown, encoding: BufferEncoding, written?: (error?: Error | null) => void) => boolean;

/** Appended by undici for a chunked body. */
const CHUNKED = "transfer-encoding: chunked\r\n";

/**
 * Replaces the heads that an HTTP client writes by our own.
 *
 * undici adds `connection`, and `content-length: 0` for methods with a possible body; it writes `host` first
 * and in lower case, and refuses `upgrade` and a second `host`. nginx does none of it, and undici has no
 * options for it. The first text that a client writes for a request is its head; bodies are bytes, and chunk
 * framing comes later.
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

/** `Transfer-Encoding` if the client chose it; an empty body gets a length. */
function endOf({ framed }: OwnHead, written: string): string {
  if (framed === "said") return "\r\n";
  // The first chunk brings the head's final line end.
  return written.endsWith(CHUNKED) ? "Transfer-Encoding: chunked\r\n" : "Content-Length: 0\r\n\r\n";
}

/** Characters that would break the line, or are no bytes. */
const NO_LINE = /[\0\r\n]|[^\0-\xff]/;

/** @throws Error for a header of more than one line */
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
