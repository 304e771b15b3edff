import type { RuleNode } from "./expression.ts";
import { type RuleToken, ruleTokens } from "./tokens.ts";

/** Deeper brackets are refused here; Go would take some thousands. */
const DEEPEST = 200;

/**
 * Reads a rule: a Go expression of calls with texts, `&&` before `||`, `!` and brackets. `undefined`: it is none.
 *
 * As in Go, a line end behind a call, a text or a bracket ends the expression.
 */
export function readRule(text: string): RuleNode | undefined {
  const tokens = ruleTokens(text);
  if (tokens === undefined) return undefined;
  const reader = new Reader(tokens);
  const rule = reader.either(0);
  return rule !== undefined && reader.isAtEnd ? rule : undefined;
}

class Reader {
  readonly #tokens: readonly RuleToken[];
  #at = 0;

  constructor(tokens: readonly RuleToken[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  either(depth: number): RuleNode | undefined {
    return this.#joined("||", "or", () => this.#joined("&&", "and", () => this.#single(depth)));
  }

  #joined(mark: "||" | "&&", kind: "or" | "and", part: () => RuleNode | undefined): RuleNode | undefined {
    const first = part();
    if (first === undefined) return undefined;
    const parts = [first];
    while (this.#takes(mark)) {
      const next = part();
      if (next === undefined) return undefined;
      parts.push(next);
    }
    return parts.length === 1 ? first : { kind, of: parts };
  }

  #single(depth: number): RuleNode | undefined {
    if (depth > DEEPEST) return undefined;
    if (this.#takes("!")) {
      const of = this.#single(depth + 1);
      return of && { kind: "not", of };
    }
    if (this.#takes("(")) {
      const inside = this.either(depth + 1);
      return inside !== undefined && this.#takes(")") ? inside : undefined;
    }
    return this.#call();
  }

  #call(): RuleNode | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "name") return undefined;
    this.#at += 1;
    if (!this.#takes("(")) return undefined;
    const args: string[] = [];
    for (let next = this.#tokens[this.#at]; next?.kind === "text"; next = this.#tokens[this.#at]) {
      args.push(next.text);
      this.#at += 1;
      if (!this.#takes(",")) break;
    }
    return this.#takes(")") ? { kind: "call", name: token.text, args } : undefined;
  }

  #takes(mark: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "mark" || token.text !== mark) return false;
    this.#at += 1;
    return true;
  }
}
