import type { ByteSet } from "./byte-set.ts";

/** A position that a pattern can test without taking a byte. */
export type Place =
  | "start"
  | "line start"
  | "end"
  | "end or last newline"
  | "line end"
  | "word boundary"
  | "no word boundary";

/** A group by number, or by a name that several groups may share. */
export type GroupRef = number | string;

/** A parsed pattern. */
export type Node =
  | { readonly kind: "set"; readonly set: ByteSet }
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | { readonly kind: "choice"; readonly branches: readonly Node[] }
  | {
      readonly kind: "repeat";
      readonly item: Node;
      readonly least: number;
      /** `Infinity`: no limit. */
      readonly most: number;
      readonly mode: "greedy" | "lazy" | "possessive";
    }
  | { readonly kind: "capture"; readonly index: number; readonly item: Node }
  /** Never backtracks into a match. */
  | { readonly kind: "atomic"; readonly item: Node }
  | Look
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "reference"; readonly to: GroupRef; readonly letters: "any case" | "exact case" }
  | { readonly kind: "condition"; readonly test: GroupRef | Look; readonly yes: Node; readonly no: Node };

/** `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`. */
export interface Look {
  readonly kind: "look";
  readonly direction: "ahead" | "behind";
  readonly expects: "match" | "no match";
  readonly item: Node;
}

/** Matches the empty text. */
export const NOTHING: Node = { kind: "sequence", items: [] };

/** PCRE's reason for refusing a pattern. */
export class Refusal extends Error {
  readonly by: "PCRE" | "ingress-dev" = "PCRE";
}

/** A pattern that PCRE may accept and this engine does not support. */
export class Unsupported extends Refusal {
  override readonly by = "ingress-dev";
}
