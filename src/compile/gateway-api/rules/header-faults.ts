import { type JsonObject, jsonFields, jsonItems, jsonString, jsonStrings } from "../../../model/json.ts";

const NOT_MODIFIABLE = "the Host header or headers with a '/' or ':' character in them.";
const ONLY_REWRITES = "To modify the Host header use the URLRewrite or the HTTPRouteFilter filter.";

/** Why a header modifier cannot be used, in the controller's words: a line for each header (filters.go). */
export function headerFault(
  type: "RequestHeaderModifier" | "ResponseHeaderModifier",
  { add, set, remove }: JsonObject,
): string | undefined {
  const isRequest = type === "RequestHeaderModifier";
  const named = (list: JsonObject[string]) =>
    jsonItems(list).map((item) => jsonString(jsonFields(item).name) ?? "");
  const all = [...named(add), ...named(set), ...jsonStrings(remove)];
  if (all.every(isModifiable)) return undefined;
  if (!all.some(isModifiable))
    return `${type} Filter did not provide valid configuration to add/${isRequest ? "set/" : ""}remove any headers`;
  const faults = (names: readonly string[], act: string, further = "") =>
    names
      .filter((name) => !isModifiable(name))
      .map((name) =>
        name === ""
          ? `${type} Filter cannot ${act} a header with an empty name`
          : `Header: ${JSON.stringify(name)}. The ${type} filter cannot ${act} ${NOT_MODIFIABLE}${further}`,
      );
  const rewrites = isRequest ? ` ${ONLY_REWRITES}` : "";
  return [
    ...faults(named(add), isRequest ? "add" : "set", rewrites),
    ...faults(named(set), "set", rewrites),
    ...faults(jsonStrings(remove), "remove"),
  ].join("\n");
}

/** Envoy lets nobody change pseudo headers and the host. */
export function isModifiable(name: string): boolean {
  return name !== "" && !/[/:]/.test(name) && name.toLowerCase() !== "host";
}
