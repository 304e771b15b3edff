import { expect, test } from "vitest";
import { type Annotation, annotationLines, withoutCommands } from "../../../src/cli/forms/github.ts";
import { repositoryPath } from "../../../src/cli/forms/repository-path.ts";

const PLAIN: Annotation = { level: "error", title: "a-code", message: "It fails." };

/** As the runner reads it (actions/runner, ActionCommand.TryParseV2). */
function asRunner(line: string) {
  const [, head = "", data = ""] = /^::(.*?)::(.*)$/s.exec(line) ?? [];
  const [command = "", ...rest] = head.split(" ");
  const unescaped = (text: string) =>
    text
      .replaceAll("%2C", ",")
      .replaceAll("%3A", ":")
      .replaceAll("%0A", "\n")
      .replaceAll("%0D", "\r")
      .replaceAll("%25", "%");
  const pairs = rest.join(" ").split(",");
  const properties = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2).map(unescaped)));
  return { command, properties, message: unescaped(data) };
}

test.each<[string, Partial<Annotation>, string]>([
  ["nothing but words", {}, "::error title=a-code::It fails."],
  ["each level", { level: "notice" }, "::notice title=a-code::It fails."],
  [
    "a place",
    { file: "k8s/a.yaml", line: 3, endLine: 3, column: 5, endColumn: 9 },
    "::error file=k8s/a.yaml,line=3,endLine=3,col=5,endColumn=9,title=a-code::It fails.",
  ],
  [
    "several lines, which GitHub takes no last column for",
    { file: "a.yaml", line: 3, endLine: 4, column: 5, endColumn: 9 },
    "::error file=a.yaml,line=3,endLine=4,col=5,title=a-code::It fails.",
  ],
  ["a line of no file", { line: 3, column: 1 }, "::error title=a-code::It fails."],
  [
    "a file's name with what ends a property",
    { file: "a,line=9::b%3A.yaml", line: 1 },
    "::error file=a%2Cline=9%3A%3Ab%253A.yaml,line=1,title=a-code::It fails.",
  ],
  ["a title likewise", { title: "a: b, c" }, "::error title=a%3A b%2C c::It fails."],
  ["lines", { message: "one\r\ntwo\n::error::three" }, "::error title=a-code::one%0Atwo%0A::error::three"],
  ["a per cent sign", { message: "100%0A" }, "::error title=a-code::100%250A"],
  ["a lone carriage return", { message: "one\r::error::x" }, "::error title=a-code::one\\x0d::error::x"],
  ["what a terminal obeys", { message: "a\x1b[31m\u2028b" }, "::error title=a-code::a\\x1b[31m\\u2028b"],
])("an annotation of %s", (_, more, line) => {
  expect(annotationLines([{ ...PLAIN, ...more }])).toEqual([line]);
});

test("no message, title or name makes a second line or another property", () => {
  const hostile = "x\n::set-output name=a::b\r::add-mask::c,title=d::e%0A%2C";
  const [line = "", ...others] = annotationLines([
    {
      level: "warning",
      title: hostile.replaceAll(/[\r\n]/g, ""),
      message: hostile,
      file: "a:b,c%.yaml",
      line: 1,
    },
  ]);
  expect(others).toEqual([]);
  expect(line).not.toMatch(/[\r\n]/);
  expect(asRunner(line)).toEqual({
    command: "warning",
    properties: { file: "a:b,c%.yaml", line: "1", title: hostile.replaceAll(/[\r\n]/g, "") },
    message: hostile.replaceAll("\r", "\\x0d"),
  });
});

test("errors come first, ten of each level, and the others are counted", () => {
  const of = (level: Annotation["level"], count: number) =>
    Array.from({ length: count }, (_, at): Annotation => ({ level, title: "t", message: `${level} ${at}` }));
  const lines = annotationLines([...of("notice", 2), ...of("warning", 11), ...of("error", 12)]);
  expect(lines.map((line) => line.split(" ")[0])).toEqual([
    ...Array(10).fill("::error"),
    ...Array(10).fill("::warning"),
    ...Array(2).fill("::notice"),
    "3",
  ]);
  expect(lines.at(-1)).toMatch(/^3 more without an annotation/);
});

test("a long message is cut", () =>
  expect(annotationLines([{ ...PLAIN, message: "x".repeat(1_000_000) }])[0]?.length).toBeLessThan(5_000));

test("text stands where the runner looks for no commands", () => {
  expect(withoutCommands(["::error::x", "a ##[add-mask]y"], "token")).toEqual([
    "::stop-commands::token",
    "::error::x",
    "a ##[add-mask]y",
    "::token::",
  ]);
  expect(withoutCommands([], "token")).toEqual([]);
});

test.each([
  // file                current folder    checked out at   path
  ["a.yaml", "/repo", undefined, "a.yaml"],
  ["./k8s/../a.yaml", "/repo", undefined, "a.yaml"],
  ["a.yaml", "/repo/k8s", "/repo", "k8s/a.yaml"],
  ["/repo/k8s/a.yaml", "/repo/k8s", "/repo", "k8s/a.yaml"],
  ["../a.yaml", "/repo/k8s", "/repo", "a.yaml"],
  ["../a.yaml", "/repo/k8s", undefined, undefined],
  ["..a/b.yaml", "/repo", undefined, "..a/b.yaml"],
  ["/etc/a.yaml", "/repo", "/repo", undefined],
  ["a.yaml", "/elsewhere", "/repo", "a.yaml"],
  ["<stdin>", "/repo", "/repo", undefined],
  [undefined, "/repo", "/repo", undefined],
  ["a\x1b[31m.yaml", "/repo", undefined, undefined],
  ["a b:ü.yaml", "/repo", undefined, "a b:ü.yaml"],
] as const)("%s in %s of a repository at %s is %s", (file, cwd, workspace, path) => {
  const env = workspace === undefined ? {} : { GITHUB_WORKSPACE: workspace };
  expect(repositoryPath(file, { cwd, env })).toBe(path);
});
