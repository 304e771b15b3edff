import type { RuneSet } from "./rune-set.ts";

/** A place that an expression can test without taking a code point. */
export type Edge =
  | "text start"
  | "text end"
  | "line start"
  | "line end"
  | "word boundary"
  | "no word boundary";

export type SyntaxNode = { readonly height: number; readonly size: number } & SyntaxForm;

export type SyntaxForm =
  | { readonly kind: "rune"; readonly rune: number }
  | { readonly kind: "set"; readonly set: RuneSet }
  | { readonly kind: "edge"; readonly edge: Edge }
  | { readonly kind: "sequence"; readonly items: readonly SyntaxNode[] }
  | { readonly kind: "choice"; readonly branches: readonly SyntaxNode[] }
  | { readonly kind: "capture"; readonly index: number; readonly item: SyntaxNode }
  | Repeat;

export interface Repeat {
  readonly kind: "repeat";
  readonly item: SyntaxNode;
  readonly least: number;
  readonly most: number;
  readonly mode: "greedy" | "lazy";
  /** Written with braces. Only these count against the limit of 1000 copies. */
  readonly counted: boolean;
}

/** `height` and `size` as Go's parser limits them (calcHeight and calcSize of regexp/syntax/parse.go). */
export function syntaxNode(form: SyntaxForm): SyntaxNode {
  return { ...form, height: 1 + tallest(itemsOf(form)), size: Math.max(1, sizeOf(form)) };
}

export function itemsOf(form: SyntaxForm): readonly SyntaxNode[] {
  switch (form.kind) {
    case "sequence":
      return form.items;
    case "choice":
      return form.branches;
    case "capture":
    case "repeat":
      return [form.item];
    default:
      return [];
  }
}

function tallest(nodes: readonly SyntaxNode[]): number {
  return nodes.reduce((height, node) => Math.max(height, node.height), 0);
}

function sizeOf(form: SyntaxForm): number {
  const inside = itemsOf(form).reduce((sum, { size }) => sum + size, 0);
  if (form.kind === "choice") return inside + form.branches.length - 1;
  if (form.kind === "capture") return inside + 2;
  if (form.kind !== "repeat") return inside;
  const { least, most } = form;
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? inside + 2 : least * inside + 1;
  return most * inside + most - least;
}
