import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { atOnce } from "../../src/steps.ts";
import { readGeneralYaml } from "../../src/yaml/general-yaml.ts";
import type { YamlNode } from "../../src/yaml/node.ts";
import { readPlainYaml } from "../../src/yaml/plain-yaml.ts";
import { resolvePlain } from "../../src/yaml/scalar.ts";
import type { SyntaxFault } from "../../src/yaml/syntax-fault.ts";
import { plainSteps } from "../../src/yaml/yaml.ts";
import { numbers } from "../support/numbers.ts";
import { processorTime } from "../support/processor-time.ts";

/** Both readers, one after the other. */
function readYaml(text: string): YamlNode | SyntaxFault {
  const read = atOnce(plainSteps(text));
  return "general" in read ? readGeneralYaml(read.general) : read;
}

/** A comparable form of a node with its lines. */
function plain(node: YamlNode): unknown {
  if (node.kind === "scalar") return [node.line, node.value];
  if (node.kind === "list") return [node.line, ...node.items.map(plain)];
  const entries = [...node.entries].map(([key, entry]) => [key, entry.line, plain(entry.value)]);
  return [node.line, "map", entries, node.repeated.map(({ key, line }) => [key, line])];
}

const PIECES = [
  ..."a: |b: |- |  |    |\n|\n|\n  |\n    |#c| # c|{|}|[|]|, |: |:|'|\"|x y|80|0x50|~|yes|key: |- - |- a: ".split(
    "|",
  ),
  ...[
    "|\n",
    "|-\n",
    "|+\n",
    ">\n",
    "&a ",
    "*a",
    "!!str ",
    "? ",
    "http://x",
    "a#b",
    "\\n",
    '"a b"',
    "'it''s'",
    "''",
  ],
  ...[
    "a: b\n",
    "  c: d\n",
    "- e\n",
    "  - f\n",
    "\n\n",
    "\t",
    "{a: 1}",
    "[1, 2]",
    '"k": ',
    "---",
    "{ }",
    "[ ]",
    "...",
  ],
];

describe("the plain reader", () => {
  test("reads what it reads exactly as the yaml package does, and leaves the rest", () => {
    const next = numbers(20);
    let read = 0;
    for (let at = 0; at < 60_000; at++) {
      const length = 1 + Math.floor(next() * 14);
      const text = Array.from({ length }, () => PIECES[Math.floor(next() * PIECES.length)]).join("");
      if (/^(?:---|\.\.\.)/m.test(text)) continue;
      const ours = readPlainYaml(`${text}\n`);
      if (ours === undefined) continue;
      const theirs = readGeneralYaml(`${text}\n`);
      expect("message" in theirs ? theirs.message : plain(theirs), JSON.stringify(text)).toEqual(plain(ours));
      read++;
    }
    expect(read).toBeGreaterThan(2_000);
  });

  test.each([
    ["an Ingress", "kind: Ingress\nspec:\n  rules:\n  - host: a.test\n    http: {paths: []}\n"],
    ["JSON", '{\n\t"kind": "Ingress",\n\t"spec": {"rules": [{"host": "a\\u002etest"}]}\n}\n'],
    ["a flow mapping closed at the margin", "spec: {\n  a: 1\n}\n"],
    ["a literal block", "data:\n  a: |\n    one\n\n    two\n  b: x\n"],
    ["__proto__ as a key", "__proto__: 1\nconstructor: 2\ntoString: {a: b}\n"],
  ])("reads %s by itself", (_what, text) => expect(readPlainYaml(text)).toBeDefined());
});

/** kubectl's reading of unquoted scalars, checked with go-yaml v2's `resolve.go`. */
test.each<[string, unknown]>([
  ["80", 80],
  ["080", 80],
  ["010", 8],
  ["0o10", 8],
  ["0x50", 80],
  ["0b11", 3],
  ["1e3", 1000],
  ["1_000", 1000],
  ["-1", -1],
  ["8.5", 8.5],
  [".5", 0.5],
  ["12345678901234567890", 12345678901234567890n],
  ["yes", true],
  ["Off", false],
  ["n", false],
  ["~", null],
  ["", null],
  ["nul", "nul"],
  ["1.2.3", "1.2.3"],
  ["2024-01-01", "2024-01-01"],
  ["0x", "0x"],
  ["-", "-"],
  ["1:30", "1:30"],
])("unquoted %s is %s", (source, value) => expect(resolvePlain(source)).toBe(value));

/** libyaml's own messages (PyYAML over libyaml 0.2), with lines as go-yaml v2 counts. */
test.each([
  ["a tab", "kind: x\na:\n\tb: 1\n", "yaml: line 3: found character that cannot start any token", 3],
  ["an open quote", 'kind: x\na: "x\nb: 1\n', "yaml: line 4: found unexpected end of stream", 4],
  ["an open bracket", "kind: x\na: [1, 2\nb: 1\n", "yaml: line 2: did not find expected ',' or ']'", 3],
  ["an open brace", "kind: x\na: {x: 1\nb: 2\n", "yaml: line 2: did not find expected ',' or '}'", 3],
  ["two colons", "k: 1\na: b: c\n", "yaml: line 2: mapping values are not allowed in this context", 2],
  ["no colon", "a: 1\nfoo\nb: 2\n", "yaml: line 3: could not find expected ':'", 2],
  ["@", "kind: x\na: @x\n", "yaml: line 2: found character that cannot start any token", 2],
  ["a key in a list", "a:\n  - x\n  y: 1\n", "yaml: line 2: did not find expected '-' indicator", 3],
  ["a dash in a mapping", "a:\n  x: 1\n  - y\n", "yaml: line 2: did not find expected key", 3],
  ["too deep", "a: 1\n  b: 2\n", "yaml: line 2: mapping values are not allowed in this context", 2],
  ["not deep enough", "a:\n    b: 1\n   c: 2\n", "yaml: line 2: did not find expected key", 3],
  [
    "a list on the key's line",
    "kind: x\na: - b\n",
    "yaml: line 2: block sequence entries are not allowed in this context",
    2,
  ],
  ["an unknown escape", 'kind: x\na: "\\q"\n', "yaml: line 2: found unknown escape character", 2],
  ["an unknown anchor", "a: *x\n", "yaml: unknown anchor 'x' referenced", 1],
  ["an anchor in itself", "a: &x [*x]\n", "yaml: anchor 'x' value contains itself", 1],
  ["a control character", "a: 1\nb: \x07\n", "yaml: control characters are not allowed", 2],
])("%s: %j is %s", (_what, text, message, line) => {
  const fault = readYaml(text);
  expect(fault).toMatchObject({ message, line: line - 1 });
  expect(parseDocument(text).errors.length > 0 || /anchor|control/.test(message)).toBe(true);
});

test("half a character is none in YAML, and an unknown one in JSON, as kubectl has it", () => {
  const text = 'kind: x\na: "\\ud800"\n';
  const words = "yaml: line 2: found invalid Unicode character escape code";
  expect(readYaml(text)).toEqual({ line: 1, message: words });
  expect(readGeneralYaml(text)).toEqual({ line: 1, message: words });
  const json = '{"a": "\\ud83d\\ude00 \\udc00"}';
  const value = { kind: "scalar", line: 0, value: "😀 \ufffd" };
  expect(readYaml(json)).toMatchObject({ entries: new Map([["a", { line: 0, value }]]) });
  expect(readGeneralYaml(json)).toMatchObject({ entries: new Map([["a", { line: 0, value }]]) });
});

const LAUGHS = ["a: &a [x,x,x,x,x,x,x,x,x]"]
  .concat([..."bcdefghi"].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${"abcdefgh"[at]}`)}]`))
  .join("\n");

test.each([
  ["nine times nine aliases", LAUGHS, "yaml: document contains excessive aliasing"],
  ["20,000 brackets", `a: ${"[".repeat(20_000)}`, "yaml: exceeded max depth of 500"],
  ["20,000 braces", `a: ${"{a: ".repeat(20_000)}`, "yaml: exceeded max depth of 500"],
  ["20,000 dashes", `a:\n${"- ".repeat(20_000)}`, "yaml: exceeded max depth of 500"],
  [
    "1,200 indents",
    Array.from({ length: 1_200 }, (_, at) => `${" ".repeat(at)}a:`).join("\n"),
    "yaml: exceeded max depth of 500",
  ],
])("%s is refused, cheaply", (_what, text, message) => {
  readYaml("a: *x");
  const before = process.memoryUsage().heapUsed;
  const spent = processorTime();
  expect(readYaml(`${text}\n`)).toMatchObject({ message });
  expect(spent()).toBeLessThan(1_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100e6);
});

test("anchors, merges and tags mean what they do to go-yaml", () => {
  const text = "a: &a {p: 1, q: 2}\nb: {<<: *a, q: 3}\nc: !!str 80\nd: >-\n  one\n  two\n80: e\n";
  const node = readYaml(text);
  expect("message" in node ? node : plain(node)).toEqual([
    0,
    "map",
    [
      [
        "a",
        0,
        [
          0,
          "map",
          [
            ["p", 0, [0, 1]],
            ["q", 0, [0, 2]],
          ],
          [],
        ],
      ],
      [
        "b",
        1,
        [
          1,
          "map",
          [
            ["q", 1, [1, 3]],
            ["p", 0, [0, 1]],
          ],
          [],
        ],
      ],
      ["c", 2, [2, "80"]],
      ["d", 3, [3, "one two"]],
      ["80", 6, [6, "e"]],
    ],
    [],
  ]);
});
