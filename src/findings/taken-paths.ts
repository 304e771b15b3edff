import type { Pattern } from "../model/pattern.ts";
import type { Route } from "../model/route.ts";
import { compilePattern } from "../pcre/pattern.ts";
import { expressionOfBeginnings, takenBeginning } from "./path-beginnings.ts";

/** Expressions of a host that are tried for each later path; beginnings are looked up whatever their number. */
const MOST_EXPRESSIONS = 100;

interface Taking {
  readonly expression: Pattern;
  readonly route: Route;
}

/** What the expressions of a host take before a rule is tried. */
export class TakenPaths {
  readonly #beginnings = new Map<string, Route>();
  readonly #expressions: Taking[] = [];

  /** Every path of the expression is taken from now on. */
  add(source: string, route: Route): void {
    const beginning = takenBeginning(source);
    if (beginning !== undefined) {
      if (!this.#beginnings.has(beginning)) this.#beginnings.set(beginning, route);
      return;
    }
    const open = this.#expressions.length < MOST_EXPRESSIONS ? expressionOfBeginnings(source) : undefined;
    if (open === undefined) return;
    const compiled = compilePattern(open, "start");
    if (compiled.kind === "compiled" && !compiled.catastrophic)
      this.#expressions.push({ expression: compiled.pattern, route });
  }

  /** The route that has every path with the beginning. */
  takes(beginning: string): Route | undefined {
    for (let length = 1; length <= beginning.length; length += 1) {
      const route = this.#beginnings.get(beginning.slice(0, length));
      if (route !== undefined) return route;
    }
    return this.#expressions.find(({ expression }) => Array.isArray(expression.exec(beginning)))?.route;
  }
}
