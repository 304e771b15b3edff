import type { Compiled } from "../../../src/compile/compile.ts";
import type { RouteIndex, VirtualHost } from "../../../src/model/route/selection.ts";
import { idsOf, lookupOf } from "../../select/lookup.ts";

const TARGETS = ["/", "/a", "/a/", "/a/b", "/b", "/cart", "/cart/1", "/healthz", "/p", "/P/1", "/other"];

/** A compilation as plain data, with what its indexes find. Two that are equal answer alike. */
export function plainOf(compiled: Compiled): unknown {
  return plain(compiled);
}

function plain(value: unknown): unknown {
  if (typeof value === "function") return "function";
  if (typeof value !== "object" || value === null) return value;
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return [...value].map(plain);
  if (value instanceof Set) return [...value];
  if ("source" in value && "exec" in value) return `expression ${value.source}`;
  const fields = fieldsOf(value).map((key) => [key, field(value, key)] as const);
  return Object.fromEntries(fields.filter(([, each]) => each !== undefined));
}

/** Its own fields, and the getters of its class. */
function fieldsOf(value: object): readonly string[] {
  const fields = Object.keys(value);
  let prototype: object | null = Object.getPrototypeOf(value);
  while (prototype !== null && prototype !== Object.prototype) {
    for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (get !== undefined) fields.push(key);
    prototype = Object.getPrototypeOf(prototype);
  }
  return fields;
}

function field(value: object, key: string): unknown {
  const found: unknown = Reflect.get(value, key);
  if (key === "next") return (found as VirtualHost | undefined)?.name;
  return isIndex(found) ? TARGETS.map((target) => idsOf(found.find(lookupOf("", target)))) : plain(found);
}

function isIndex(value: unknown): value is RouteIndex {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "inOrder" in value;
}
