import { closest } from "../../closest.ts";
import type { Schema } from "./schema.ts";

/** The step that names the field that is near an unknown one. `undefined`: none is. */
export function nearField(schema: Schema, field: string): string | undefined {
  let at: Schema | undefined = schema;
  const names = field.split(".");
  for (const name of names.slice(0, -1)) {
    const key = name.replace(/(?:\[\d+\])+$/, "");
    at = at?.properties.get(key) ?? at?.additionalProperties;
    for (
      let indexes = name.length > key.length ? name.slice(key.length).split("[").length - 1 : 0;
      indexes > 0;
      indexes--
    )
      at = at?.items;
  }
  const meant = at && closest(names.at(-1) ?? "", at.properties.keys());
  if (meant === undefined) return undefined;
  return `Did you mean ${JSON.stringify([...names.slice(0, -1), meant].join("."))}? Correct the field's name, or delete it.`;
}
