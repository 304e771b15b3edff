/** Header fields in order; names and values one char per byte. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** An integer with a prefix of `bits` bits (RFC 7541 section 5.1); `first`: the bits before it. */
export function integer(value: number, bits: number, first = 0): Buffer {
  const most = 2 ** bits - 1;
  if (value < most) return Buffer.from([first | value]);
  const bytes = [first | most];
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A string without Huffman's code. */
export function text(value: string): Buffer {
  return Buffer.concat([integer(value.length, 7), Buffer.from(value, "latin1")]);
}

/** A header block of literals that enter no table (RFC 7541 section 6.2.2). */
export function literals(fields: Fields): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));
}

/** RFC 7541 appendix A: those with a value, then names alone. */
const STATIC: Fields = [
  [":authority", ""],
  [":method", "GET"],
  [":method", "POST"],
  [":path", "/"],
  [":path", "/index.html"],
  [":scheme", "http"],
  [":scheme", "https"],
  [":status", "200"],
  [":status", "204"],
  [":status", "206"],
  [":status", "304"],
  [":status", "400"],
  [":status", "404"],
  [":status", "500"],
  ["accept-charset", ""],
  ["accept-encoding", "gzip, deflate"],
  ...(
    "accept-language accept-ranges accept access-control-allow-origin age allow authorization " +
    "cache-control content-disposition content-encoding content-language content-length " +
    "content-location content-range content-type cookie date etag expect expires from host if-match " +
    "if-modified-since if-none-match if-range if-unmodified-since last-modified link location " +
    "max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after server " +
    "set-cookie strict-transport-security transfer-encoding user-agent vary via www-authenticate"
  )
    .split(" ")
    .map((name) => [name, ""] as const),
];

/**
 * The length of each byte's code (RFC 7541 appendix B), and of the end's: `a` is 5 bits. The codes count up, by length and
 * then by byte.
 */
const LENGTHS =
  "isxxxxxxxtzxxzxxxxxxxxzxxxxxxxxxbffhibdgffdgdbbbaaabbbbbbbcdkbhfibccccccccccccccccccccccdcdioijb" +
  "kabababbbaccbbbabcbaabccccckgjixprpprrrsrssssststtrstssssqrsrsstrqprrssqsrrtqrssqqrqsrssprrrsrrs" +
  "vvporsruvvvwwvtuoqvwwvwtqqvvxwwwptpqrqqsrruuttvsvwvvwwwwwxwwwwwvz";

/** Bytes by their code, written as a 1 and the code. */
const HUFFMAN: ReadonlyMap<number, number> = codes();

function codes(): Map<number, number> {
  const byLength = [...LENGTHS].map((letter, byte) => [letter.charCodeAt(0) - 92, byte] as const);
  byLength.sort(([a, x], [b, y]) => a - b || x - y);
  const found = new Map<number, number>();
  let code = 0;
  let before = 0;
  for (const [length, byte] of byLength) {
    code *= 2 ** (length - before);
    before = length;
    found.set(2 ** length + code++, byte);
  }
  return found;
}

function unpacked(bytes: Buffer): string {
  let decoded = "";
  let code = 1;
  for (const byte of bytes)
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >> bit) & 1);
      const found = HUFFMAN.get(code);
      if (found === undefined) continue;
      decoded += String.fromCharCode(found);
      code = 1;
    }
  return decoded;
}

/** Reads the header blocks of one connection, in order; for those of a right encoder. */
export class BlockReader {
  readonly #table: (readonly [string, string])[] = [];
  #most = 4096;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  read(block: Buffer): Fields {
    this.#bytes = block;
    this.#at = 0;
    const fields: (readonly [string, string])[] = [];
    while (this.#at < block.length) {
      const first = block[this.#at] ?? 0;
      if (first >= 128) fields.push(this.#entry(this.#integer(7)));
      else if (first >= 64) {
        const field = this.#literal(6);
        this.#table.unshift(field);
        this.#shrink();
        fields.push(field);
      } else if (first >= 32) {
        this.#most = this.#integer(5);
        this.#shrink();
      } else fields.push(this.#literal(4));
    }
    return fields;
  }

  #shrink(): void {
    let size = 0;
    const end = this.#table.findIndex(([name, value]) => {
      size += name.length + value.length + 32;
      return size > this.#most;
    });
    if (end >= 0) this.#table.length = end;
  }

  #entry(index: number): readonly [string, string] {
    const found = STATIC[index - 1] ?? this.#table[index - 1 - STATIC.length];
    if (found === undefined) throw new Error(`no entry ${index} is in the header table`);
    return found;
  }

  #literal(bits: number): readonly [string, string] {
    const index = this.#integer(bits);
    const name = index === 0 ? this.#text() : this.#entry(index)[0];
    return [name, this.#text()];
  }

  #integer(bits: number): number {
    const most = 2 ** bits - 1;
    let value = this.#byte() & most;
    if (value < most) return value;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  #text(): string {
    const isPacked = (this.#bytes[this.#at] ?? 0) >= 128;
    const length = this.#integer(7);
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return isPacked ? unpacked(bytes) : bytes.toString("latin1");
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Error("the header block ends within a field");
    return byte;
  }
}
