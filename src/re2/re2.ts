import type { Captures, Pattern } from "../model/pattern.ts";
import { automatonOf } from "./automaton.ts";
import { beginningOf } from "./first-bytes.ts";
import { type Search, type Spans, search } from "./search.ts";
import { readSyntax, type Syntax } from "./syntax.ts";
import { syntaxNode } from "./syntax-node.ts";

export type { Spans } from "./search.ts";

/** An RE2 expression, ready to run. */
export interface Re2 extends Pattern {
  /** The leftmost match that begins at `from` or later. */
  readonly find: (bytes: string, from?: number) => Spans | null | "too-complex";
  /** The name of each group, from the first on; `""` without one. Names may repeat. */
  readonly names: readonly string[];
}

export type CompiledRe2 =
  | { readonly kind: "compiled"; readonly pattern: Re2 }
  /** `why` as Go words it: "error parsing regexp: missing closing ): `…`". */
  | { readonly kind: "refused"; readonly why: string };

export interface Re2Options {
  /** default: the case counts, unless the expression says `(?i)`. */
  readonly letters?: "any case" | "exact case";
  /** `whole`: the expression has to match all of the text, as Envoy asks. default: any part of it, as Go finds. */
  readonly extent?: "part" | "whole";
  /** Bytes that are no UTF-8: `.` takes one in Go, nothing takes one in Envoy. default: Go's. */
  readonly broken?: "taken" | "refused";
}

/** A larger expression is never run: every answer is "too-complex". */
const MOST_SIZE = 100_000;

/**
 * Reads an expression in RE2's syntax, as Go's regexp takes it. It runs on bytes that are read as UTF-8, in time that is linear
 * in the text; `too-complex` is left to expressions of thousands of states on texts of thousands of bytes.
 */
export function compileRe2(source: string, options: Re2Options = {}): CompiledRe2 {
  const { letters = "exact case" } = options;
  const syntax = readSyntax(source, letters);
  if (syntax.kind === "refused") return syntax;
  const { names } = syntax;
  const isTooLarge = syntax.node.size > MOST_SIZE;
  let made: Search | undefined;
  const find: Re2["find"] = (bytes, from = 0) => {
    if (isTooLarge) return "too-complex";
    // Read again at its first use: most expressions of a table meet no request, and states take more than text.
    made ??= searchOf(readSyntax(source, letters), options);
    return search(made, bytes, from);
  };
  const exec: Pattern["exec"] = (bytes) => {
    const spans = find(bytes);
    return spans === null || spans === "too-complex" ? spans : capturesOf(bytes, spans, names);
  };
  return { kind: "compiled", pattern: { source, names, find, exec } };
}

function searchOf(syntax: ReturnType<typeof readSyntax>, { extent, broken }: Re2Options): Search {
  if (syntax.kind === "refused") throw new Error(syntax.why);
  const automaton = automatonOf(extent === "whole" ? wholeOf(syntax) : syntax.node, syntax.names.length);
  return { automaton, beginning: beginningOf(automaton), broken: broken === "refused" ? -1 : 0xfffd };
}

function wholeOf({ node }: Syntax): Syntax["node"] {
  const start = syntaxNode({ kind: "edge", edge: "text start" });
  const end = syntaxNode({ kind: "edge", edge: "text end" });
  return syntaxNode({ kind: "sequence", items: [start, node, end] });
}

/** The text of a group; `undefined` for an unset one. */
function groupText(bytes: string, spans: Spans, group: number): string | undefined {
  const start = spans[2 * group] ?? -1;
  return start < 0 ? undefined : bytes.slice(start, spans[2 * group + 1]);
}

function capturesOf(bytes: string, spans: Spans, names: readonly string[]): Captures {
  const held = Array.from({ length: spans.length / 2 }, (_, group) => groupText(bytes, spans, group));
  if (names.every((name) => name === "")) return held;
  const groups: Record<string, string | undefined> = Object.create(null);
  // Of groups of one name the first that is set counts.
  names.forEach((name, at) => {
    if (name !== "") groups[name] ??= held[at + 1];
  });
  return Object.assign(held, { groups });
}
