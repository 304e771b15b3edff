import { Evaluator } from "./cel/evaluate.ts";
import { type Expression, parseRule } from "./cel/parse.ts";
import { CelError, CostExceeded } from "./cel/types.ts";
import { type Fault, goShown, invalid } from "./fault.ts";
import type { Rule, Schema } from "./schema.ts";
import { isFields, isList, typeName, type Value } from "./value.ts";

const PARSED = new Map<string, Expression>();

/** Parsed once: the rules are those of the schemas. */
function parsed(rule: string): Expression {
  const known = PARSED.get(rule) ?? parseRule(rule);
  PARSED.set(rule, known);
  return known;
}

/** The rules that an object breaks (apiextensions-apiserver `pkg/apiserver/schema/cel`): a place's own, then those below. */
export function ruleFaults(value: Value, schema: Schema): readonly Fault[] {
  const found: Fault[] = [];
  try {
    visit(value, schema, "", { evaluator: new Evaluator(), found });
  } catch (error) {
    if (!(error instanceof CostExceeded)) throw error;
    found.push(
      invalid(
        "",
        null,
        "validation failed due to running out of cost budget, no further validation rules will be run",
      ),
    );
  }
  return found;
}

interface Judging {
  readonly evaluator: Evaluator;
  readonly found: Fault[];
}

function visit(value: Value, schema: Schema, path: string, judging: Judging): void {
  for (const rule of schema.rules ?? []) judge(value, rule, path, judging);
  if (isList(value)) {
    const { items } = schema;
    if (items?.isRuled !== true) return;
    for (const [at, item] of value.entries()) visit(item, items, `${path}[${at}]`, judging);
  } else if (isFields(value)) {
    for (const [key, below] of value) {
      const known = schema.properties.get(key);
      const field = known === undefined ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
      const next = known ?? schema.additionalProperties;
      if (next?.isRuled === true) visit(below, next, field, judging);
    }
  }
}

function judge(
  value: Value,
  [rule, message = `failed rule: ${rule}`]: Rule,
  path: string,
  judging: Judging,
): void {
  try {
    if (judging.evaluator.holds(parsed(rule), value)) return;
    const isScalar = typeof value !== "object";
    const text = isScalar ? `Invalid value: ${goShown(value)}: ${message}` : `Invalid value: ${message}`;
    judging.found.push({ kind: "invalid", field: path, text });
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    judging.found.push(invalid(path, typeName(value), `${error.message} evaluating rule: ${message}`));
  }
}
