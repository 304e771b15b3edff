import type { ByteSet } from "./byte-set.ts";

/** A place that a pattern can ask for without taking a byte. */
export type Place =
  | "start"
  | "line start"
  | "end"
  | "end or last newline"
  | "line end"
  | "word boundary"
  | "no word boundary";

/** A group by its number, or by its name, which may be that of several. */
export type GroupRef = number | string;

/** A pattern as it was read. */
export type Node =
  | { readonly kind: "set"; readonly set: ByteSet }
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | { readonly kind: "choice"; readonly branches: readonly Node[] }
  | {
      readonly kind: "repeat";
      readonly item: Node;
      readonly least: number;
      /** `Infinity`: as often as can be. */
      readonly most: number;
      readonly mode: "greedy" | "lazy" | "possessive";
    }
  | { readonly kind: "capture"; readonly index: number; readonly item: Node }
  /** Once it has matched, nothing in it is tried otherwise. */
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

/** What matches the empty text. */
export const NOTHING: Node = { kind: "sequence", items: [] };

/** Why PCRE does not take a pattern, in its words. */
export class Refusal extends Error {
  readonly by: "PCRE" | "ingress-dev" = "PCRE";
}

/** Why a pattern is not taken here that PCRE may take. */
export class Unsupported extends Refusal {
  override readonly by = "ingress-dev";
}
