/** Fields of an object that somebody else wrote. */
export type Fields = Readonly<Record<string, unknown>>;

/** `undefined` for whatever is no object. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `undefined` for whatever is no text. */
export function textIn(fields: Fields | undefined, name: string): string | undefined {
  const value = fields?.[name];
  return typeof value === "string" ? value : undefined;
}

/** Numbers, also as text. `undefined` for whatever is none. */
export function numberIn(fields: Fields | undefined, name: string): number | undefined {
  const value = fields?.[name];
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
