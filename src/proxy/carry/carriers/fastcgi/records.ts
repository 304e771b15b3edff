/**
 * FastCGI records (https://fastcgi-archives.github.io/FastCGI_Specification.html, section 3.3): eight bytes
 * of head, then content. One request per connection, as with nginx's `fastcgi_keep_conn off`.
 */

const VERSION = 1;
const REQUEST_ID = 1;
const RESPONDER = 1;
const TYPES = { begin: 1, end: 3, params: 4, stdin: 5, stdout: 6, stderr: 7 } as const;
/** Content limit of a written record: a multiple of eight below 64 KiB. unit: bytes */
const MOST_CONTENT = 65_528;

function record(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.set([VERSION, type, 0, REQUEST_ID]);
  head.writeUInt16BE(content.length, 4);
  return Buffer.concat([head, content]);
}

/** Content as records of a stream; empty content ends the stream. */
function streamOf(type: number, content: Buffer): Buffer {
  const records: Buffer[] = [];
  for (let at = 0; at < content.length; at += MOST_CONTENT)
    records.push(record(type, content.subarray(at, at + MOST_CONTENT)));
  return records.length === 0 ? record(type, content) : Buffer.concat(records);
}

/** The start of a request. Names and values have one char per byte. */
export function beginRequest(params: Iterable<readonly [name: string, value: string]>): Buffer {
  const begin = record(TYPES.begin, Buffer.from([0, RESPONDER, 0, 0, 0, 0, 0, 0]));
  const pairs = Buffer.concat([...params].map(([name, value]) => pair(name, value)));
  return Buffer.concat([begin, streamOf(TYPES.params, pairs), streamOf(TYPES.params, Buffer.alloc(0))]);
}

function pair(name: string, value: string): Buffer {
  const content = Buffer.from(name + value, "latin1");
  return Buffer.concat([lengthOf(name.length), lengthOf(value.length), content]);
}

/** One byte up to 127, else four with the highest bit set. */
function lengthOf(length: number): Buffer {
  if (length < 128) return Buffer.from([length]);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length + 0x8000_0000);
  return bytes;
}

/** Empty content ends the body. */
export function stdin(content: Buffer): Buffer {
  return streamOf(TYPES.stdin, content);
}

export type FastCgiMessage =
  | { readonly kind: "stdout" | "stderr"; readonly content: Buffer }
  | { readonly kind: "end" }
  /** Not FastCGI. */
  | { readonly kind: "malformed" };

/** Splits input into records; keeps an incomplete one for the next call. */
export function recordReader(): (bytes: Buffer) => readonly FastCgiMessage[] {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const messages: FastCgiMessage[] = [];
    while (rest.length >= 8) {
      const end = 8 + rest.readUInt16BE(4);
      const whole = end + (rest[6] ?? 0);
      if (rest[0] !== VERSION) return [...messages, { kind: "malformed" }];
      if (rest.length < whole) break;
      const message = messageOf(rest[1] ?? 0, rest.subarray(8, end));
      if (message !== undefined) messages.push(message);
      rest = rest.subarray(whole);
    }
    return messages;
  };
}

/** The end of a stream and unknown types mean nothing here. */
function messageOf(type: number, content: Buffer): FastCgiMessage | undefined {
  if (type === TYPES.end) return { kind: "end" };
  if (content.length === 0) return undefined;
  if (type === TYPES.stdout) return { kind: "stdout", content };
  return type === TYPES.stderr ? { kind: "stderr", content } : undefined;
}
