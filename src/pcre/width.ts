import type { Node } from "./node.ts";

/**
 * How many bytes something matches, where it is always the same number, as what stands in a look-behind has to be: PCRE
 * steps back by it. Branches have to agree, except those of the look-behind itself.
 */
export function widthOf(node: Node): number | undefined {
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
      // `\R` is one, and of either width.
      return widthOf(node.item);
    case "look":
    case "place":
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
