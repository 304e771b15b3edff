import { closest } from "../../closest.ts";
import type { Schema } from "./schema.ts";

/** The step that names the field that is near an unknown one. `undefined`: none is. */
export function nearField(schema: Schema, field: string): string | undefined {
  const above = field.slice(0, field.lastIndexOf(".") + 1);
  let at: Schema | undefined = schema;
  for (const [, index, name = ""] of above.matchAll(/\[(\d+)\]|([^.[]+)/g)) {
    at = index === undefined ? (at?.properties.get(name) ?? at?.additionalProperties) : at?.items;
  }
  const meant = at && closest(field.slice(above.length), at.properties.keys());
  if (meant === undefined) return undefined;
  return `Did you mean ${JSON.stringify(above + meant)}? Correct the field's name, or delete it.`;
}
