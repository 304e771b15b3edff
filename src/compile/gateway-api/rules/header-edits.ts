import { type JsonObject, jsonFields, jsonItems, jsonString, jsonStrings } from "../../../model/json.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { EnvoyHeader } from "../../../step/envoy/headers.ts";
import { readEnvoyText } from "../../../step/envoy/text.ts";
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

/** What Envoy's formatter takes: `%%`, `%REQ(X-A)%`, `%PROTOCOL%`, each with a length. */
const OPERATORS = /%%|%[A-Z_0-9]+(?:\([^)]*\))?(?::\d+)?%/g;

/** The first header value whose percent sign begins no operator: Envoy refuses the route table that it is in. */
export function unreadableValue(
  modifier: JsonObject,
): { readonly value: string; readonly at: number } | undefined {
  for (const item of [...jsonItems(modifier.set), ...jsonItems(modifier.add)]) {
    const value = jsonString(jsonFields(item).value) ?? "";
    const at = value.replace(OPERATORS, (found) => " ".repeat(found.length)).indexOf("%");
    if (at >= 0) return { value, at };
  }
  return undefined;
}
