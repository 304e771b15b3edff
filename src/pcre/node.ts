import type { ByteSet } from "./byte-set.ts";

/** A position that a pattern can test without taking a byte. */
export type Boundary =
  | "start"
  | "line start"
  | "end"
  | "end or last newline"
  | "line end"
  | "word boundary"
  | "no word boundary";

/** A name may stand for several groups. */
export type GroupRef = number | string;

export type PatternNode =
  | { readonly kind: "set"; readonly set: ByteSet }
  | { readonly kind: "sequence"; readonly items: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly branches: readonly PatternNode[] }
  | {
      readonly kind: "repeat";
      readonly item: PatternNode;
      readonly least: number;
      readonly most: number;
      readonly mode: "greedy" | "lazy" | "possessive";
    }
  | { readonly kind: "capture"; readonly index: number; readonly item: PatternNode }
  /** Never backtracks into a match. */
  | { readonly kind: "atomic"; readonly item: PatternNode }
  | Look
  | { readonly kind: "boundary"; readonly boundary: Boundary }
  | { readonly kind: "reference"; readonly to: GroupRef; readonly letters: "any case" | "exact case" }
  | {
      readonly kind: "condition";
      readonly test: GroupRef | Look;
      readonly yes: PatternNode;
      readonly no: PatternNode;
    };

/** `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`. */
export interface Look {
  readonly kind: "look";
  readonly direction: "ahead" | "behind";
  readonly expects: "match" | "no match";
  readonly item: PatternNode;
}

/** Matches the empty text. */
export const NOTHING: PatternNode = { kind: "sequence", items: [] };

/** PCRE's reason for refusing a pattern. */
export class PatternError extends Error {
  readonly by: "PCRE" | "ingress-dev" = "PCRE";
}

/** A pattern that PCRE may accept and this engine does not support. */
export class UnsupportedPattern extends PatternError {
  override readonly by = "ingress-dev";
}
