import { expect, test } from "vitest";
import { customSchemas } from "../../../src/manifest/custom/schema.ts";
import { unknownFields } from "../../../src/manifest/custom/unknown-fields.ts";
import { valueOfJson } from "../../../src/manifest/custom/value.ts";

const schema = {
  properties: {
    list: { items: { properties: { name: { type: "string" } } } },
    map: { additionalProperties: { properties: { a: {} } } },
    free: { preserve: true, properties: { known: { properties: { a: {} } } } },
    text: { type: "string" },
  },
};

const kinds = { Pair: { scope: "Namespaced", versions: { v1: { schema } } } };
const { schema: known } = customSchemas({ kinds, shared: [] }).version("Pair", "v1") ?? {};

test.each<readonly [object: unknown, fields: readonly string[]]>([
  [{ list: [{ name: "a" }, { nam: "a", other: { deep: 1 } }] }, ["list[1].nam", "list[1].other"]],
  // A map where a list stands, and the other way round.
  [{ list: { http: 1 } }, ["list.http"]],
  [{ map: [{ a: 1 }] }, ["map[0].a"]],
  [{ text: { a: 1 } }, ["text.a"]],
  [{ text: [["a"]] }, []],
  [{ map: { "x.y z": { a: 1, b: 2 } } }, ["map.x.y z.b"]],
  // What is kept as it is: only what the schema knows inside is looked at.
  [{ free: { x: [{ y: 1 }], known: { a: 1, b: 2 } } }, ["free.known.b"]],
  [{ free: [{ x: 1 }] }, []],
  [{ __proto__: null, constructor: 1 }, ["constructor"]],
])("%j has the unknown fields %j", (object, fields) => {
  const found: string[] = [];
  unknownFields(valueOfJson(object), known, "", found);
  expect(found).toEqual(fields);
});
