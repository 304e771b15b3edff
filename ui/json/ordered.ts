/** The fields of inner objects in the order of the contract (`-o json`), by the field that holds them. */
export const INNER = {
  http: ["address", "port"],
  https: ["address", "port"],
  rule: ["host", "path", "pathType"],
  backend: ["namespace", "service", "port"],
  object: ["kind", "namespace", "name"],
} as const;

/** A copy with its fields in this order. A missing field is `undefined`, which JSON leaves out. */
export function ordered(value: object, order: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of order) fields[name] = undefined;
  return Object.assign(fields, value);
}
