import { networksOf } from "./address-list.ts";
import type { ConfigData } from "./data.ts";
import { KINDS } from "./kinds.ts";
import { ANNOTATION_DEFAULTS } from "./names.ts";

/**
 * The template omits empty and invalid sizes (template.go, isValidByteSize); nginx's default equals the
 * controller's.
 */
const SIZES: ReadonlyMap<string, RegExp> = new Map([
  ["proxy-body-size", /^\d+[kmg]?$/i],
  ["proxy-max-temp-file-size", /^\d+[kmg]?$/i],
]);

/** In the form that the annotations' own parsers read. */
export function readAnnotationDefaults(data: ConfigData): ReadonlyMap<string, string> {
  const defaults = new Map<string, string>();
  for (const key of ANNOTATION_DEFAULTS) {
    const value = taken(data, key);
    if (value !== undefined && value !== "") defaults.set(key, value);
  }
  return defaults;
}

function taken(data: ConfigData, key: string): string | undefined {
  const form = SIZES.get(key);
  if (form !== undefined) return sizeOf(data, key, form);
  switch (KINDS.get(key)) {
    case "boolean":
      return data.boolean(key)?.toString();
    case "integer":
      return data.integer(key)?.toString();
    case "list":
      return data.list(key)?.flatMap(networksOf).join(",");
    default:
      return data.text(key);
  }
}

function sizeOf(data: ConfigData, key: string, form: RegExp): string | undefined {
  const value = data.text(key)?.trim();
  if (value === undefined || value === "" || form.test(value)) return value;
  data.ignored(key, `"${value}" is not a size`, "Write a size such as 8m, 512k or 0.");
  return undefined;
}
