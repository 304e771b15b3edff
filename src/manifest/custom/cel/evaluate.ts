import { isEqual, isInteger, type Value } from "../value.ts";
import { FUNCTIONS, isFormat, noOverload, validateFormat } from "./functions.ts";
import type { Expression, Macro, Sign } from "./parse.ts";
import { CelError, type CelValue, CostExceeded, Duration, Format, Optional } from "./types.ts";

/** The names that an expression may use, innermost first. */
interface Scope {
  readonly name: string;
  readonly value: CelValue;
  readonly outer: Scope | undefined;
}

/** How many steps the rules of one object may take: far more than the API server's budget allows. */
const MOST_STEPS = 2_000_000;

/** Evaluates rules, and counts their steps together. */
export class Evaluator {
  #left = MOST_STEPS;

  /** True where the rule holds. Throws `CelError` where it has no value, and `CostExceeded`. */
  holds(rule: Expression, self: Value): boolean {
    return this.#bool(rule, { name: "self", value: self, outer: undefined });
  }

  #bool(expression: Expression, scope: Scope): boolean {
    const value = this.#value(expression, scope);
    if (typeof value !== "boolean") throw noOverload();
    return value;
  }

  #value(expression: Expression, scope: Scope): CelValue {
    if (--this.#left < 0) throw new CostExceeded();
    switch (expression.kind) {
      case "literal":
        return expression.value;
      case "name":
        return named(expression.name, scope);
      case "list":
        return expression.items.map((item) => this.#value(item, scope));
      case "field":
        return fieldOf(this.#value(expression.of, scope), expression.name);
      case "has":
        return fieldsOf(this.#value(expression.of, scope)).has(expression.name);
      case "index":
        return itemOf(this.#value(expression.of, scope), this.#value(expression.at, scope));
      case "not":
        return !this.#bool(expression.of, scope);
      case "negative":
        return -numberOf(this.#value(expression.of, scope));
      case "and":
        return !this.#either(expression, scope, false);
      case "or":
        return this.#either(expression, scope, true);
      case "choice":
        return this.#value(
          this.#bool(expression.test, scope) ? expression.then : expression.otherwise,
          scope,
        );
      case "binary":
        return binary(
          expression.sign,
          this.#value(expression.left, scope),
          this.#value(expression.right, scope),
        );
      case "macro":
        return this.#macro(expression.macro, expression, scope);
      case "call":
        return this.#call(expression.name, expression.args, scope);
      case "method":
        return this.#method(expression, scope);
    }
  }

  /** True if a side is `decisive`: that hides the other's error. */
  #either(
    { left, right }: { readonly left: Expression; readonly right: Expression },
    scope: Scope,
    decisive: boolean,
  ): boolean {
    let failure: CelError | undefined;
    for (const side of [left, right]) {
      try {
        if (this.#bool(side, scope) === decisive) return true;
      } catch (error) {
        if (!(error instanceof CelError)) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return false;
  }

  #call(name: string, args: readonly Expression[], scope: Scope): CelValue {
    const known = FUNCTIONS.get(name);
    if (known === undefined) throw new CelError(`undeclared reference to '${name}'`);
    return known(...args.map((arg) => this.#value(arg, scope)));
  }

  #method({ name, args }: { readonly name: string; readonly args: readonly Expression[] }, scope: Scope) {
    const [of, argument] = args;
    if (of?.kind === "name" && of.name === "format" && isFormat(name)) return new Format(name);
    if (name === "validate" && of !== undefined && argument !== undefined) {
      return validateFormat(this.#value(of, scope), this.#value(argument, scope));
    }
    return this.#call(name, args, scope);
  }

  #macro(
    macro: Macro,
    { of, variable, body }: { readonly of: Expression; readonly variable: string; readonly body: Expression },
    outer: Scope,
  ): CelValue {
    const value = this.#value(of, outer);
    const items: readonly CelValue[] = value instanceof Map ? [...value.keys()] : listOf(value);
    const scoped = (item: CelValue): Scope => ({ name: variable, value: item, outer });
    if (macro === "map") return items.map((item) => this.#value(body, scoped(item)));
    if (macro === "filter") return items.filter((item) => this.#bool(body, scoped(item)));
    if (macro === "exists_one") {
      let count = 0;
      for (const item of items) if (this.#bool(body, scoped(item))) count += 1;
      return count === 1;
    }
    const decisive = macro === "exists";
    let failure: CelError | undefined;
    for (const item of items) {
      try {
        if (this.#bool(body, scoped(item)) === decisive) return decisive;
      } catch (error) {
        if (!(error instanceof CelError)) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return !decisive;
  }
}

function named(name: string, scope: Scope): CelValue {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer)
    if (at.name === name) return at.value;
  throw new CelError(`undeclared reference to '${name}'`);
}

function fieldsOf(value: CelValue): ReadonlyMap<string, Value> {
  if (value instanceof Map) return value;
  throw noOverload();
}

function listOf(value: CelValue): readonly CelValue[] {
  if (Array.isArray(value)) return value;
  throw noOverload();
}

function fieldOf(value: CelValue, name: string): CelValue {
  const found = fieldsOf(value).get(name);
  if (found === undefined) throw new CelError(`no such key: ${name}`);
  return found;
}

function itemOf(value: CelValue, at: CelValue): CelValue {
  if (value instanceof Map) return fieldOf(value, String(at));
  const found = listOf(value)[Number(at)];
  if (found === undefined) throw new CelError(`index out of bounds: ${at}`);
  return found;
}

function numberOf(value: CelValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw noOverload();
}

function binary(sign: Sign, left: CelValue, right: CelValue): CelValue {
  switch (sign) {
    case "==":
      return isSame(left, right);
    case "!=":
      return !isSame(left, right);
    case "in":
      if (right instanceof Map) return right.has(String(left));
      return listOf(right).some((item) => isSame(item, left));
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compared(sign, left, right);
    default:
      return calculated(sign, left, right);
  }
}

function isSame(left: CelValue, right: CelValue): boolean {
  if (left instanceof Duration) return right instanceof Duration && left.nanoseconds === right.nanoseconds;
  // An optional value is not null, whether it has a value or not.
  if (left instanceof Optional || right instanceof Optional) return false;
  return isEqual(left as Value, right as Value);
}

function compared(sign: "<" | "<=" | ">" | ">=", left: CelValue, right: CelValue): boolean {
  const [a, b] = [comparable(left), comparable(right)];
  if ((typeof a === "string") !== (typeof b === "string")) throw noOverload();
  if (sign === "<") return a < b;
  if (sign === "<=") return a <= b;
  return sign === ">" ? a > b : a >= b;
}

function comparable(value: CelValue): string | number | bigint {
  if (value instanceof Duration) return value.nanoseconds;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  throw noOverload();
}

function calculated(sign: "+" | "-" | "*" | "/" | "%", left: CelValue, right: CelValue): CelValue {
  if (sign === "+" && typeof left === "string" && typeof right === "string") return left + right;
  if (sign === "+" && Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  const [a, b] = [numberOf(left), numberOf(right)];
  if (sign === "+") return a + b;
  if (sign === "-") return a - b;
  if (sign === "*") return a * b;
  if (b === 0) throw new CelError(sign === "/" ? "division by zero" : "modulus by zero");
  if (sign === "%") return a % b;
  return isInteger(a) && isInteger(b) ? Math.trunc(a / b) : a / b;
}
