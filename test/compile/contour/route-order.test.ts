import { expect, test } from "vitest";
import { contourOf, rootWith } from "./contour-world.ts";

const SERVICES = ["one", "two"]
  .map(
    (name) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { ports: [{ port: 80 }] }\n---\n`,
  )
  .join("");

const routes = (...conditions: readonly string[]) =>
  conditions
    .map(
      (each, at) =>
        `    - conditions: [${each}]\n      services: [{ name: ${["one", "two"][at]}, port: 80 }]`,
    )
    .join("\n");

const header = (text: string) => `{ header: { ${text} } }`;
const query = (text: string) => `{ queryParameter: { ${text} } }`;

const [A, B] = [header('name: X-A, exact: "1"'), header('name: X-B, exact: "1"')];

test.each([
  ["the header whose name is first", [B, A], ["two"]],
  ["an exact test before an expression", [header("name: X-A, regex: .*"), A], ["two"]],
  [
    "an expression before a part",
    [header('name: X-A, contains: "1"'), header("name: X-A, regex: .*")],
    ["two"],
  ],
  [
    "a part before presence",
    [header("name: X-A, present: true"), header('name: X-A, contains: "1"')],
    ["two"],
  ],
  ["the plain test before the inverted one", [header("name: X-A, notcontains: x"), A], ["two"]],
  ["a method before more headers", [`${A}, ${B}`, header("name: ':method', exact: GET")], ["two"]],
  [
    "the query whose name is first",
    [query("name: r, present: true"), query("name: q, present: true")],
    ["two"],
  ],
  [
    "an exact query before its beginning",
    [query('name: q, prefix: "1"'), query('name: q, exact: "1"')],
    ["two"],
  ],
  [
    "a query in its case before one in any",
    [query('name: q, exact: "1", ignoreCase: true'), query('name: q, exact: "1"')],
    ["two"],
  ],
  [
    "either of two that differ in nothing that counts",
    [header('name: X-A, exact: "1", ignoreCase: true'), A],
    ["one", "two"],
  ],
  [
    "either of two that come before each other",
    [`${A}, ${header("name: X-D, present: true")}`, `${B}, ${header("name: X-C, present: true")}`],
    ["one", "two"],
  ],
])("of routes with one path, %s answers", (_, conditions, names) => {
  const world = contourOf(SERVICES + rootWith("", routes(...conditions)));
  const headers = { "X-A": "1", "X-B": "1", "X-C": "1", "X-D": "1" };
  const decision = world.ask("/?q=1&r=1", "https", headers);
  const found = [decision.route, ...(decision.oneOf ?? [])].flatMap((route) =>
    route?.action.kind === "forward" ? [route.action.shares[0].backend.service] : [],
  );
  expect(found).toEqual(names);
  const said = world.problems.filter(({ code }) => code === "ambiguous-route");
  expect(said.map(({ message }) => message)).toEqual(
    names.length === 1
      ? []
      : [expect.stringMatching(/whose conditions have no order\. .* Contour draws which comes first/)],
  );
});
