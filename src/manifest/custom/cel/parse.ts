import { type Token, tokensOf } from "./tokens.ts";

/** A CEL expression (https://github.com/google/cel-spec), as far as Kubernetes' rules write it. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "field"; readonly of: Expression; readonly name: string }
  | { readonly kind: "index"; readonly of: Expression; readonly at: Expression }
  | { readonly kind: "has"; readonly of: Expression; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  /** A call on a value: the value is the first of `args`. */
  | { readonly kind: "method"; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: "macro";
      readonly macro: Macro;
      readonly of: Expression;
      readonly variable: string;
      readonly body: Expression;
    }
  | { readonly kind: "not" | "negative"; readonly of: Expression }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "binary"; readonly sign: Sign; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: "choice";
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

export type Macro = "all" | "exists" | "exists_one" | "filter" | "map";
export type Sign = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "+" | "-" | "*" | "/" | "%";

const MACROS: ReadonlySet<string> = new Set<Macro>(["all", "exists", "exists_one", "filter", "map"]);
const RELATIONS: ReadonlySet<string> = new Set<Sign>(["==", "!=", "<", "<=", ">", ">=", "in"]);

export function parseRule(source: string): Expression {
  return new Parser(source).whole();
}

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokensOf(source);
  }

  whole(): Expression {
    const expression = this.#choice();
    if (this.#next.kind !== "end") throw this.#unexpected();
    return expression;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", text: "" };
  }

  #unexpected(): SyntaxError {
    return new SyntaxError(`CEL: unexpected ${JSON.stringify(this.#next.text)} in ${this.#source}`);
  }

  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #takes(sign: string): boolean {
    const { kind, text } = this.#next;
    const found = text === sign && (kind === "sign" || (kind === "name" && sign === "in"));
    if (found) this.#at += 1;
    return found;
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) throw this.#unexpected();
  }

  #choice(): Expression {
    const test = this.#or();
    if (!this.#takes("?")) return test;
    const then = this.#or();
    this.#expect(":");
    return { kind: "choice", test, then, otherwise: this.#choice() };
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takes("||")) left = { kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#relation();
    while (this.#takes("&&")) left = { kind: "and", left, right: this.#relation() };
    return left;
  }

  #relation(): Expression {
    return this.#binary(RELATIONS, () =>
      this.#binary(new Set(["+", "-"]), () => this.#binary(new Set(["*", "/", "%"]), () => this.#unary())),
    );
  }

  #binary(signs: ReadonlySet<string>, operand: () => Expression): Expression {
    let left = operand();
    while (signs.has(this.#next.text) && this.#next.kind !== "string") {
      const sign = this.#take().text as Sign;
      left = { kind: "binary", sign, left, right: operand() };
    }
    return left;
  }

  #unary(): Expression {
    if (this.#takes("!")) return { kind: "not", of: this.#unary() };
    if (this.#takes("-")) return { kind: "negative", of: this.#unary() };
    return this.#member();
  }

  #member(): Expression {
    let value = this.#primary();
    for (;;) {
      if (this.#takes(".")) value = this.#selected(value);
      else if (this.#takes("[")) {
        value = { kind: "index", of: value, at: this.#choice() };
        this.#expect("]");
      } else return value;
    }
  }

  #selected(of: Expression): Expression {
    const { kind, text: name } = this.#take();
    if (kind !== "name") throw this.#unexpected();
    if (!this.#takes("(")) return { kind: "field", of, name: unescapedName(name) };
    const args = this.#list(")");
    const [variable, body] = args;
    if (MACROS.has(name) && args.length === 2 && variable?.kind === "name" && body !== undefined) {
      return { kind: "macro", macro: name as Macro, of, variable: variable.name, body };
    }
    return { kind: "method", name, args: [of, ...args] };
  }

  #list(end: string): readonly Expression[] {
    const items: Expression[] = [];
    while (!this.#takes(end)) {
      items.push(this.#choice());
      if (this.#takes(end)) break;
      this.#expect(",");
    }
    return items;
  }

  #primary(): Expression {
    if (this.#takes("(")) {
      const inner = this.#choice();
      this.#expect(")");
      return inner;
    }
    if (this.#takes("[")) return { kind: "list", items: this.#list("]") };
    const { kind, text } = this.#take();
    if (kind === "string") return { kind: "literal", value: text };
    if (kind === "integer" || kind === "double")
      return { kind: "literal", value: Number(text.replace(/u$/i, "")) };
    if (kind !== "name") throw this.#unexpected();
    if (text === "true" || text === "false") return { kind: "literal", value: text === "true" };
    if (text === "null") return { kind: "literal", value: null };
    if (!this.#takes("(")) return { kind: "name", name: text };
    const args = this.#list(")");
    const [of] = args;
    if (text !== "has") return { kind: "call", name: text, args };
    if (args.length !== 1 || of?.kind !== "field") throw this.#unexpected();
    return { kind: "has", of: of.of, name: of.name };
  }
}

const SIGNS: ReadonlyMap<string, string> = new Map([
  ["__underscores__", "__"],
  ["__dot__", "."],
  ["__dash__", "-"],
  ["__slash__", "/"],
]);

/** A field's name, which rules write escaped where it is a word of CEL (`__namespace__`) or has other characters. */
function unescapedName(name: string): string {
  if (!name.includes("__")) return name;
  const word = /^__([a-z]+)__$/.exec(name)?.[1];
  if (word !== undefined && !SIGNS.has(name)) return word;
  return name.replace(/__(?:underscores|dot|dash|slash)__/g, (sign) => SIGNS.get(sign) ?? sign);
}
