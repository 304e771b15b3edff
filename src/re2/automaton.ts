import type { RuneSet } from "./rune-set.ts";
import type { Edge, Repeat, SyntaxNode } from "./syntax-node.ts";

export const MATCH = 0;
export const RUNE = 1;
export const SET = 2;
export const SPLIT = 3;
export const SAVE = 4;
export const AT = 5;

/** States of an expression; three numbers each: kind, next state, and what the kind needs. */
export interface Automaton {
  readonly states: Int32Array;
  readonly start: number;
  readonly sets: readonly RuneSet[];
  /** The number of each state that several ways lead to, or that ways part at; -1 for others. */
  readonly crossings: Int32Array;
  readonly crossingCount: number;
  readonly groups: number;
}

/** In the order of their numbers in states. */
export const EDGES: readonly Edge[] = [
  "text start",
  "text end",
  "line start",
  "line end",
  "word boundary",
  "no word boundary",
];

/** The states of a node, made from the end of the text to its beginning. Priorities are Go's (regexp/syntax/compile.go). */
export function automatonOf(node: SyntaxNode, groups: number): Automaton {
  const maker = new AutomatonMaker();
  const start = maker.make(node, maker.add(MATCH, -1, 0));
  const states = Int32Array.from(maker.states);
  return { states, start, sets: maker.sets, groups, ...crossingsOf(states, start) };
}

class AutomatonMaker {
  readonly states: number[] = [];
  readonly sets: RuneSet[] = [];

  add(kind: number, next: number, argument: number): number {
    this.states.push(kind, next, argument);
    return this.states.length / 3 - 1;
  }

  make({ form }: SyntaxNode, next: number): number {
    switch (form.kind) {
      case "rune":
        return this.add(RUNE, next, form.rune);
      case "set":
        return this.add(SET, next, this.sets.push(form.set) - 1);
      case "edge":
        return this.add(AT, next, EDGES.indexOf(form.edge));
      case "sequence":
        return form.items.reduceRight((behind, item) => this.make(item, behind), next);
      case "choice":
        return form.branches
          .map((branch) => this.make(branch, next))
          .reduceRight((others, branch) => this.add(SPLIT, branch, others));
      case "capture": {
        const end = this.add(SAVE, next, 2 * form.index + 1);
        return this.add(SAVE, this.make(form.item, end), 2 * form.index);
      }
      case "repeat":
        return this.#repeat(form, next);
    }
  }

  #repeat({ item, least, most, mode }: Repeat, next: number): number {
    const copy = (behind: number) => this.make(item, behind);
    let start = next;
    let copies = least;
    if (most === Number.POSITIVE_INFINITY) {
      start = this.#loop(item, mode, next, least > 0 ? "once or more" : "any number");
      copies = Math.max(0, least - 1);
    } else for (let extra = least; extra < most; extra++) start = this.#either(mode, copy(start), next);
    for (; copies > 0; copies--) start = copy(start);
    return start;
  }

  #loop(
    item: SyntaxNode,
    mode: "greedy" | "lazy",
    next: number,
    least: "once or more" | "any number",
  ): number {
    const again = this.#either(mode, -1, next);
    const body = this.make(item, again);
    this.states[3 * again + (mode === "greedy" ? 1 : 2)] = body;
    if (least === "once or more") return body;
    // What may be empty is asked whether it begins at all, for Go's order of ways.
    return canBeEmpty(item) ? this.#either(mode, body, next) : again;
  }

  #either(mode: "greedy" | "lazy", more: number, less: number): number {
    return mode === "greedy" ? this.add(SPLIT, more, less) : this.add(SPLIT, less, more);
  }
}

function canBeEmpty({ form }: SyntaxNode): boolean {
  switch (form.kind) {
    case "rune":
    case "set":
      return false;
    case "edge":
      return true;
    case "sequence":
      return form.items.every(canBeEmpty);
    case "choice":
      return form.branches.some(canBeEmpty);
    case "capture":
      return canBeEmpty(form.item);
    case "repeat":
      return form.least === 0 || canBeEmpty(form.item);
  }
}

/** Between crossings there is one way only, so it is enough to remember which crossings were tried where. */
function crossingsOf(states: Int32Array, start: number): Pick<Automaton, "crossings" | "crossingCount"> {
  const ways = new Uint32Array(states.length / 3);
  const lead = (to: number) => {
    if (to >= 0) ways[to] = (ways[to] ?? 0) + 1;
  };
  lead(start);
  for (let at = 0; at < ways.length; at++) {
    lead(states[3 * at + 1] ?? -1);
    if (states[3 * at] === SPLIT) lead(states[3 * at + 2] ?? -1);
  }
  let crossingCount = 0;
  const crossings = new Int32Array(ways.length).map((_, at) =>
    states[3 * at] === SPLIT || (ways[at] ?? 0) > 1 ? crossingCount++ : -1,
  );
  return { crossings, crossingCount };
}
