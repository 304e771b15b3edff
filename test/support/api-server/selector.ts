import { asText, at, type KubeObject } from "./object.ts";
import { fail } from "./status.ts";

/** True for selected objects. */
export type Selector = (object: KubeObject) => boolean;

/**
 * Reads `labelSelector` and `fieldSelector`.
 * @throws ApiError 400 for a syntax error
 */
export function selectorOf(query: URLSearchParams): Selector {
  const labels = terms(query.get("labelSelector")).map(labelTerm);
  const fields = terms(query.get("fieldSelector")).map(fieldTerm);
  return (object) => [...labels, ...fields].every((term) => term(object));
}

/** Splits at commas outside of parentheses. */
function terms(text: string | null): readonly string[] {
  const parts = (text ?? "").match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function labelTerm(term: string): Selector {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set !== null) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    const wanted = set[2] === "in";
    return (object) => {
      const value = labelOf(object, set[1] ?? "");
      return (value !== undefined && values.includes(value)) === wanted;
    };
  }
  const compared = comparison(term);
  if (compared !== undefined) {
    return (object) => (labelOf(object, compared.key) === compared.value) === compared.equal;
  }
  const absent = term.startsWith("!");
  const key = absent ? term.slice(1).trim() : term;
  if (!/^[\w./-]+$/.test(key)) throw fail(400, `unable to parse requirement: ${term}`);
  return (object) => (labelOf(object, key) === undefined) === absent;
}

function fieldTerm(term: string): Selector {
  const compared = comparison(term);
  if (compared === undefined) throw fail(400, `invalid selector: '${term}'; can't understand '${term}'`);
  const path = compared.key.split(".");
  return (object) => (asText(at(object, ...path)) === compared.value) === compared.equal;
}

function comparison(term: string): { key: string; value: string; equal: boolean } | undefined {
  const found = /^([^=!\s]+)\s*(==|=|!=)\s*(.*)$/.exec(term);
  if (found === null) return undefined;
  return { key: found[1] ?? "", value: found[3] ?? "", equal: found[2] !== "!=" };
}

function labelOf(object: KubeObject, key: string): string | undefined {
  return object.metadata.labels?.[key];
}
