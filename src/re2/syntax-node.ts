import type { RuneSet } from "./rune-set.ts";

/** A place that an expression can test without taking a code point. */
export type Edge =
  | "text start"
  | "text end"
  | "line start"
  | "line end"
  | "word boundary"
  | "no word boundary";

/** `height` and `size` are what Go's parser limits (calcHeight and calcSize of regexp/syntax/parse.go). */
export interface SyntaxNode {
  readonly form: SyntaxForm;
  readonly height: number;
  readonly size: number;
}

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

export function syntaxNode(form: SyntaxForm): SyntaxNode {
  let height = 1;
  let inside = 0;
  for (const item of itemsOf(form)) {
    height = Math.max(height, item.height + 1);
    inside += item.size;
  }
  return { form, height, size: Math.max(1, sizeOf(form, inside)) };
}

const NONE: readonly SyntaxNode[] = [];

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
      return NONE;
  }
}

function sizeOf(form: SyntaxForm, inside: number): number {
  if (form.kind === "choice") return inside + form.branches.length - 1;
  if (form.kind === "capture") return inside + 2;
  if (form.kind !== "repeat") return inside;
  const { least, most } = form;
  if (most === Number.POSITIVE_INFINITY) return least === 0 ? inside + 2 : least * inside + 1;
  return most * inside + most - least;
}
