import { expect, test } from "vitest";
import { compactSchema, share } from "../../../build/custom/compact.ts";

const name = { type: "string", maxLength: 253, minLength: 1, description: "The name." };

test("a schema keeps what judges, and repeated parts are written once", () => {
  const schema = compactSchema(
    {
      type: "object",
      description: "A pair.",
      properties: { description: name, other: name },
      "x-kubernetes-validations": [{ rule: "self.a == 1", message: "not one" }],
    },
    "Pair",
  );
  const shared = { maxLength: 253, minLength: 1, type: "string" };
  expect(share([schema])).toEqual({
    schemas: [
      { properties: { description: 0, other: 0 }, rules: [["self.a == 1", "not one"]], type: "object" },
    ],
    shared: [shared],
  });
});

test.each([
  [{ type: "object", uniqueItems: true }, "uniqueItems"],
  [{ type: "string", format: "uri" }, "uri"],
  [{ "x-kubernetes-validations": [{ rule: "true", messageExpression: "'a'" }] }, "messageExpression"],
])("what the judge does not know is refused: %j", (schema, named) => {
  expect(() => compactSchema(schema, "Kind")).toThrow(named);
});
