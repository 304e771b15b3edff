import type { PatternNode } from "./node.ts";

/**
 * The fixed width in bytes, or `undefined`. PCRE steps back by it in a look-behind, so its parts need one.
 * Only the look-behind's own branches may differ in width.
 */
export function widthOf(node: PatternNode): number | undefined {
  switch (node.kind) {
    case "set":
      return 1;
    case "sequence":
      return node.items.reduce<number | undefined>((sum, item) => plus(sum, widthOf(item)), 0);
    case "choice":
      return same(node.branches.map(widthOf));
    case "repeat": {
      const width = widthOf(node.item);
      return node.least === node.most && width !== undefined ? width * node.least : undefined;
    }
    case "capture":
      return widthOf(node.item);
    case "atomic":
      return widthOf(node.item);
    case "look":
    case "boundary":
      return 0;
    case "reference":
      return undefined;
    case "condition":
      return same([widthOf(node.yes), widthOf(node.no)]);
  }
}

function plus(sum: number | undefined, width: number | undefined): number | undefined {
  return sum === undefined || width === undefined ? undefined : sum + width;
}

function same(widths: readonly (number | undefined)[]): number | undefined {
  const [first, ...rest] = widths;
  return rest.every((width) => width === first) ? first : undefined;
}
