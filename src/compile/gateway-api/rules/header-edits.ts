import { type JsonObject, jsonFields, jsonItems, jsonString, jsonStrings } from "../../../model/json.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { EnvoyHeader } from "../../../step/envoy/headers.ts";
import { readEnvoyText } from "../../../step/envoy/text.ts";
import { unreadBecause } from "./commands.ts";
import { isModifiable } from "./header-faults.ts";

/**
 * A header modifier: removed first, then added or set. Of a name twice the first counts, and adding counts before
 * setting.
 */
export function headerEdits(modifier: JsonObject): readonly EnvoyHeader[] {
  const removed = new Set(
    jsonStrings(modifier.remove)
      .filter(isModifiable)
      .map((name) => name.toLowerCase()),
  );
  const edits = new Map<string, EnvoyHeader>();
  for (const [name, value] of named(modifier.add))
    if (!edits.has(name)) edits.set(name, { name, value, place: removed.has(name) ? undefined : "beside" });
  for (const [name, value] of named(modifier.set)) if (!edits.has(name)) edits.set(name, { name, value });
  for (const name of removed) if (!edits.has(name)) edits.set(name, { name });
  return [...edits.values()];
}

function named(list: JsonObject[string]): readonly (readonly [name: string, value: EnvoyHeader["value"]])[] {
  return jsonItems(list).flatMap((item) => {
    const { name, value } = jsonFields(item);
    const written = jsonString(name) ?? "";
    if (!isModifiable(written)) return [];
    return [[written.toLowerCase(), readEnvoyText(textAsBytes(jsonString(value) ?? ""))] as const];
  });
}

/** The first header value that Envoy does not read, with its words: it refuses the route table that the value is in. */
export function unreadableValue(
  modifier: JsonObject,
): { readonly value: string; readonly why: string } | undefined {
  for (const item of [...jsonItems(modifier.set), ...jsonItems(modifier.add)]) {
    const value = jsonString(jsonFields(item).value) ?? "";
    const why = unreadBecause(value);
    if (why !== undefined) return { value, why };
  }
  return undefined;
}
