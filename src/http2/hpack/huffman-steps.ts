/** Length of each byte's code, sixteen bytes a row, then of EOS. Source: RFC 7541 appendix B. unit: bits */
const LENGTHS = `
13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28
28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28
6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6
5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10
13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7
7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6
15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5
6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28
20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23
24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24
22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23
21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25
19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27
20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23
26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26
30
`;

const EOS = 256;
const ROOT = 0;

/** Padding is the first bits of EOS, all ones, and less than a byte (RFC 7541 section 5.2). unit: bits */
const MOST_PADDING = 7;

/** A step of `HuffmanSteps` that nothing valid takes. */
export const NO_STEP = -1;
/** Flag of a step that completes a byte. */
export const EMITS = 0x1_00_00;

export interface HuffmanSteps {
  /**
   * At `node << 4 | the next four bits`: the node reached in the lowest byte, and with `EMITS` the completed byte
   * above it. No code is shorter than five bits, so four complete one byte at most.
   */
  readonly steps: Int32Array;
  /** 1 for a node where a string may end: the root, and what padding reaches. */
  readonly mayEnd: Uint8Array;
}

/** Children of the inner nodes by the next bit: an inner node, or `-1 - symbol`. 257 codes make 256 inner nodes. */
type CodeTree = [zero: number, one: number][];

export function huffmanSteps(): HuffmanSteps {
  const tree = codeTree();
  const steps = new Int32Array(tree.length << 4).map((_, at) => stepOf(tree, at >> 4, at & 0xf));
  const mayEnd = new Uint8Array(tree.length);
  for (let bits = 0, node = ROOT; bits <= MOST_PADDING; bits++, node = tree[node]?.[1] ?? ROOT)
    mayEnd[node] = 1;
  return { steps, mayEnd };
}

/** The code is canonical: codes of one length count up by symbol, longer ones begin where shorter ones end. */
function codeTree(): CodeTree {
  const lengths = LENGTHS.trim().split(/\s/).map(Number);
  const tree: CodeTree = [[ROOT, ROOT]];
  let code = 0;
  for (let length = 1; length <= 30; length++, code *= 2)
    for (const [symbol, own] of lengths.entries()) if (own === length) place(tree, code++, length, symbol);
  return tree;
}

function place(tree: CodeTree, code: number, length: number, symbol: number): void {
  let node = ROOT;
  for (let bit = length - 1; bit > 0; bit--) {
    const children = tree[node] ?? [ROOT, ROOT];
    const side = (code >> bit) & 1;
    // No branch leads back to the root, so it stands for a branch that is not made yet.
    if (children[side] === ROOT) children[side] = tree.push([ROOT, ROOT]) - 1;
    node = children[side] ?? ROOT;
  }
  const last = tree[node];
  if (last !== undefined) last[code & 1] = -1 - symbol;
}

function stepOf(tree: CodeTree, from: number, bits: number): number {
  let node = from;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const next = tree[node]?.[(bits >> bit) & 1] ?? ROOT;
    const symbol = -1 - next;
    if (symbol === EOS) return NO_STEP;
    if (symbol >= 0) emitted = EMITS | (symbol << 8);
    node = Math.max(next, ROOT);
  }
  return emitted | node;
}
