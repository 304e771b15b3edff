import { HpackError } from "./hpack-error.ts";
import { EMITS, type HuffmanSteps, huffmanSteps, NO_STEP } from "./huffman-steps.ts";

/** The shortest code has five bits, so eight bytes are at most twelve of the text. */
const MOST_GROWTH = 8 / 5;

/** Nearly every string of a header fits, so that reading one makes the string and nothing else. unit: bytes */
const SHARED_BYTES = 4096;
const shared = Buffer.allocUnsafeSlow(SHARED_BYTES);

/** default: nobody has sent such a string yet; it takes 16 KiB and 1 ms */
let table: HuffmanSteps | undefined;

/** The text of a string that is written in Huffman's code (RFC 7541 section 5.2), one char per byte. */
export function huffmanText(block: Buffer, from: number, end: number): string {
  table ??= huffmanSteps();
  const { steps, mayEnd } = table;
  const most = (end - from) * MOST_GROWTH;
  const text = most <= SHARED_BYTES ? shared : Buffer.allocUnsafeSlow(Math.ceil(most));
  let node = 0;
  let length = 0;
  for (let at = from; at < end; at++) {
    const byte = block[at] ?? 0;
    const high = steps[(node << 4) | (byte >> 4)] ?? NO_STEP;
    // Of NO_STEP, all bits are set: the second step is then one of node 255, and the flag of the first still says so.
    const low = steps[((high & 0xff) << 4) | (byte & 0xf)] ?? NO_STEP;
    if (high < 0 || low < 0)
      throw new HpackError(`the string at byte ${from} of the header block holds the code EOS`);
    // A Buffer keeps the lowest eight bits: the byte without the flag.
    if (high >= EMITS) text[length++] = high >> 8;
    if (low >= EMITS) text[length++] = low >> 8;
    node = low & 0xff;
  }
  if (mayEnd[node] !== 1)
    throw new HpackError(
      `the string at byte ${from} of the header block does not end in the first bits of EOS, at most seven`,
    );
  return text.toString("latin1", 0, length);
}
