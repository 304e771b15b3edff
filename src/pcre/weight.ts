import type { ByteSet } from "./byte-set.ts";
import type { Node } from "./node.ts";

/**
 * Whether a pattern repeats what itself repeats or chooses: the shape behind every match that runs away. Some of these
 * are harmless.
 */
export function isCatastrophic(node: Node): boolean {
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

/** Whether something may match one text in several ways. */
function varies(node: Node): boolean {
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

/** A byte, in either case, that every match has in it: the last that can be told. `undefined`: none is known. */
export function neededSet(node: Node): ByteSet | undefined {
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
 * The sets that the first bytes of a match are of, as far as they can be told: most subjects of a host with many
 * expressions are told apart by these alone.
 */
export function leadingSets(node: Node): readonly ByteSet[] {
  const sets: ByteSet[] = [];
  collectLeading(node, sets);
  return sets;
}

/** Whether the whole node is told by its sets, so that what follows it can be told too. */
function collectLeading(node: Node, sets: ByteSet[]): boolean {
  switch (node.kind) {
    case "set":
      sets.push(node.set);
      return true;
    case "place":
      return true;
    case "sequence":
      return node.items.every((item) => collectLeading(item, sets));
    case "capture":
      return collectLeading(node.item, sets);
    default:
      return false;
  }
}

/** Whether a pattern can match at the start of a subject only. */
export function isAnchored(node: Node): boolean {
  switch (node.kind) {
    case "place":
      return node.place === "start";
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
