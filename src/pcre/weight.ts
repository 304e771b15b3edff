import type { ByteSet } from "./byte-set.ts";
import type { PatternNode } from "./node.ts";

/**
 * True for nested repetition or repeated choice, the shape of every runaway match. Some of these are
 * harmless.
 */
export function isCatastrophic(node: PatternNode): boolean {
  switch (node.kind) {
    case "repeat":
      return (node.most > 1 && node.mode !== "possessive" && varies(node.item)) || isCatastrophic(node.item);
    case "sequence":
      return node.items.some(isCatastrophic);
    case "choice":
      return node.branches.some(isCatastrophic);
    case "capture":
    case "atomic":
    case "look":
      return isCatastrophic(node.item);
    case "condition":
      return isCatastrophic(node.yes) || isCatastrophic(node.no);
    default:
      return false;
  }
}

function varies(node: PatternNode): boolean {
  switch (node.kind) {
    case "repeat":
      return node.mode !== "possessive" && (node.least !== node.most || varies(node.item));
    case "sequence":
      return node.items.some(varies);
    case "choice":
      return true;
    case "capture":
      return varies(node.item);
    case "condition":
      return varies(node.yes) || varies(node.no);
    default:
      return false;
  }
}

/** The last byte, in either case, that every match is known to contain; `undefined` if none is known. */
export function neededSet(node: PatternNode): ByteSet | undefined {
  switch (node.kind) {
    case "set":
      return node.set.reduce((sum, held) => sum + held, 0) <= 2 ? node.set : undefined;
    case "sequence":
      return node.items.reduceRight<ByteSet | undefined>(
        (found, item) => found ?? neededSet(item),
        undefined,
      );
    case "repeat":
      return node.least > 0 ? neededSet(node.item) : undefined;
    case "capture":
    case "atomic":
      return neededSet(node.item);
    default:
      return undefined;
  }
}

/**
 * The sets of the first bytes of a match, as far as known. They rule out most expressions of a host cheaply.
 */
export function leadingSets(node: PatternNode): readonly ByteSet[] {
  const sets: ByteSet[] = [];
  collectLeading(node, sets);
  return sets;
}

/** True if the sets describe the whole node, so that the next one can be added. */
function collectLeading(node: PatternNode, sets: ByteSet[]): boolean {
  switch (node.kind) {
    case "set":
      sets.push(node.set);
      return true;
    case "boundary":
      return true;
    case "sequence":
      return node.items.every((item) => collectLeading(item, sets));
    case "capture":
      return collectLeading(node.item, sets);
    default:
      return false;
  }
}

/** True if matches begin only at the start of a subject. */
export function isAnchored(node: PatternNode): boolean {
  switch (node.kind) {
    case "boundary":
      return node.boundary === "start";
    case "sequence": {
      const [first] = node.items;
      return first !== undefined && isAnchored(first);
    }
    case "choice":
      return node.branches.every(isAnchored);
    case "capture":
    case "atomic":
      return isAnchored(node.item);
    default:
      return false;
  }
}
