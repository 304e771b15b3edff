import { expect, test } from "vitest";
import type { Owner } from "../../src/hosts/block.ts";
import { editBlock, readHosts, userLines } from "../../src/hosts/block.ts";
import { processorTime } from "../support/processor-time.ts";

const ONE: Owner = { pid: 101, started: "5", boot: "b" };
const TWO: Owner = { pid: 102, started: "6", boot: "b" };
const DEAD: Owner = { pid: 103, started: "7", boot: "b" };
const LINES: readonly string[] = ["127.0.0.1 www.basic1.com", "::1 www.basic1.com"];
const isLiving = (owner: Owner): boolean => owner.pid !== DEAD.pid;

function edit(bytes: Buffer | undefined, owner: Owner, lines: readonly string[]): Buffer | undefined {
  return editBlock(readHosts(bytes), { owner, lines, keeps: isLiving });
}
const add = (bytes: Buffer | undefined, owner = ONE, lines = LINES): Buffer =>
  edit(bytes, owner, lines) ?? Buffer.from("(no file)");
const drop = (bytes: Buffer, owner = ONE): Buffer | undefined => edit(bytes, owner, []);
const hostsIn = (bytes: Buffer | undefined): readonly string[] =>
  readHosts(bytes).sections.flatMap(({ owner, lines }) => lines.map((line) => `${owner.pid} ${line}`));
const users = (text: string): string =>
  userLines(readHosts(Buffer.from(text, "latin1")))
    .map(({ line }) => line)
    .join("");
const section = (owner: Owner, lines: readonly string[] = LINES): string =>
  add(undefined, owner, lines)
    .toString()
    .replace(/^#.* (begin|end|note: .*)\n/gm, "");

test("the block is at the end, one host a line, in a section that names its owner", () => {
  expect(add(Buffer.from("127.0.0.1 localhost\n")).toString()).toMatch(
    /^127\.0\.0\.1 localhost\n# ingress-dev begin\n# instance pid=101 started=5 boot=b lines=[0-9a-f]{16}\n127\.0\.0\.1 www\.basic1\.com\n::1 www\.basic1\.com\n# ingress-dev end\n$/,
  );
});

const FILES: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["plain", Buffer.from("127.0.0.1 localhost\n::1 localhost\n")],
  ["no last line end", Buffer.from("127.0.0.1 localhost")],
  ["CRLF", Buffer.from("127.0.0.1 localhost\r\n# note\r\n")],
  ["CRLF, no last line end", Buffer.from("# a\r\n127.0.0.1 localhost")],
  ["CRLF, last line ends in CR alone", Buffer.from("# a\r\n# b\r\n127.0.0.1 localhost\r")],
  ["LF, last line ends in CR alone", Buffer.from("# a\n127.0.0.1 localhost\r")],
  ["mixed line ends", Buffer.from("# a\r\n# b\n# c\r\n# d\n# e\n")],
  ["tabs and trailing comments", Buffer.from("\t10.0.0.1\t\tdb  # the   database\t\n \n")],
  ["blank lines at the end", Buffer.from("127.0.0.1 localhost\n\n\n\n")],
  ["BOM", Buffer.from("\ufeff127.0.0.1 localhost\n")],
  ["BOM alone", Buffer.from("\ufeff")],
  ["empty", Buffer.alloc(0)],
  ["one line end", Buffer.from("\n")],
  ["one CRLF", Buffer.from("\r\n")],
  ["every byte there is", Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
  ["not UTF-8", Buffer.from("caf\xe9 \xff\xfe \xc0\x80\n", "latin1")],
  ["NUL bytes", Buffer.from("127.0.0.1 a\0b\n\0")],
];

test.each(FILES)("%s: every byte stays, and after the last section it is the file of before", (_, bytes) => {
  const one = add(bytes);
  expect(one.subarray(0, bytes.length).equals(bytes)).toBe(true);
  const both = add(one, TWO);
  expect(hostsIn(both)).toEqual([
    "101 127.0.0.1 www.basic1.com",
    "101 ::1 www.basic1.com",
    "102 127.0.0.1 www.basic1.com",
    "102 ::1 www.basic1.com",
  ]);
  expect(drop(both, TWO)?.equals(one)).toBe(true);
  expect(drop(drop(both, ONE) ?? both, TWO)?.toString("latin1")).toBe(bytes.toString("latin1"));
  expect(add(both, TWO).equals(both)).toBe(true);
});

test("a file that is not there comes with the first section and goes with the last", () => {
  const made = add(undefined);
  expect(hostsIn(made)).toHaveLength(2);
  expect(drop(made)).toBeUndefined();
  const used = Buffer.concat([made, Buffer.from("10.0.0.1 mine\n")]);
  expect(drop(used)?.toString()).toBe("10.0.0.1 mine\n");
});

test.each([
  ["# a\n# b\n", "\n"],
  ["# a\r\n# b\r\n", "\r\n"],
  ["# a\r\n# b\r\n# c", "\r\n"],
  ["# a\r\n# b\n# c\n", "\n"],
  ["# a", "\n"],
])("%j: the block has the line end %j", (text, eol) => {
  const block = add(Buffer.from(text)).toString().slice(text.length).trimStart();
  const lineEnds: readonly string[] = block.match(/\r?\n/g) ?? [];
  expect(lineEnds.length).toBeGreaterThanOrEqual(5);
  expect(new Set(lineEnds)).toEqual(new Set([eol]));
});

const typed = (where: RegExp, line: string) => (text: string) =>
  text.replace(where, (all) => `${all}${line}`);

test.each<[string, string, (text: string) => string, string]>([
  ["a line before it", "a\nb\n", (text) => `first\n${text}`, "first\na\nb\n"],
  ["a line after it", "a\nb\n", (text) => `${text}last\n`, "a\nb\nlast\n"],
  ["a line after it, unended", "a\nb\n", (text) => `${text}last`, "a\nb\nlast"],
  ["a line after it, file was unended", "a\nb", (text) => `${text}last\n`, "a\nb\nlast\n"],
  ["a line before it, file was unended", "a\nb", (text) => `first\n${text}`, "first\na\nb"],
  ["its last line end taken away", "a\nb\n", (text) => text.trimEnd(), "a\nb\n"],
  ["all made CRLF", "a\nb", (text) => text.replaceAll("\n", "\r\n"), "a\r\nb"],
  ["all made LF", "a\r\nb\r\n", (text) => text.replaceAll("\r\n", "\n"), "a\nb\n"],
  ["trailing blanks after the markers", "a\n", (text) => text.replace(/(begin|end)\n/g, "$1 \t\n"), "a\n"],
])("the user meanwhile edits around the block: %s", (_, before, change, after) => {
  expect(drop(Buffer.from(change(add(Buffer.from(before)).toString())))?.toString()).toBe(after);
});

test.each<[string, (text: string) => string, string]>([
  ["another address", typed(/begin\n/, "10.0.0.5 mine.test\n"), "10.0.0.5 mine.test\n"],
  ["a comment", typed(/lines=.*\n/, "# mine\n"), "# mine\n"],
  ["a blank line", typed(/::1 .*\n/, "\n"), "\n"],
  ["our own form, first", typed(/lines=.*\n/, "127.0.0.1 mine.test\n"), "127.0.0.1 mine.test\n"],
  ["our own form, between", typed(/0.1 www.*\n/, "127.0.0.1 mine.test\n"), "127.0.0.1 mine.test\n"],
  [
    "our own form, last",
    typed(/::1 .*\n/, "127.0.0.1 m.test\n::1 m.test\n"),
    "127.0.0.1 m.test\n::1 m.test\n",
  ],
  ["above the header", typed(/begin\n/, "127.0.0.1 mine.test\n"), "127.0.0.1 mine.test\n"],
  ["a line of ours twice", typed(/::1 .*\n/, "::1 www.basic1.com\n"), "::1 www.basic1.com\n"],
  ["a line of ours deleted", (text) => text.replace(/::1.*\n/, ""), ""],
  [
    "two places",
    (text) => typed(/lines=.*\n/, "::1 x\n")(typed(/::1 .*\n/, "::1 y\n")(text)),
    "::1 x\n::1 y\n",
  ],
])("a line of the user's inside the block stays: %s", (_, change, theirs) => {
  const text = change(add(Buffer.from("a\n")).toString());
  expect(drop(Buffer.from(text))?.toString()).toBe(`a\n${theirs}`);
  expect(users(add(Buffer.from(text)).toString())).toBe(`a\n${theirs}`);
});

test("what a user typed into a dead instance's section stays too, and its lines go", () => {
  const text = add(Buffer.from("a\n"), DEAD).toString().replace(/::1/, "127.0.0.1 mine.test\n::1");
  expect(drop(Buffer.from(text))?.toString()).toBe("a\n127.0.0.1 mine.test\n");
});

test("a line of a dead instance that a user changed is the user's", () => {
  const text = add(Buffer.from("a\n"), DEAD).toString().replace("::1 www", "::1 mine");
  expect(drop(Buffer.from(text))?.toString()).toBe("a\n::1 mine.basic1.com\n");
});

test("a living instance keeps its lines, and what a user typed among them follows the block", () => {
  const text = add(Buffer.from("a\n"), TWO).toString();
  const edited = add(Buffer.from(text.replace("::1", "10.0.0.1 mine\n::1")), ONE);
  expect(edited.toString()).toBe(`${add(Buffer.from(text), ONE)}10.0.0.1 mine\n`);
});

const BEGIN = "# ingress-dev begin\n";
const END = "# ingress-dev end\n";
test.each<[string, string]>([
  ["begin without end", `a\n${BEGIN}${section(ONE)}z\n`],
  ["begin without end at the end", `a\nz\n${BEGIN}${section(ONE)}`],
  ["begin without end before lines of our form", `a\n${BEGIN}${section(ONE)}127.0.0.1 mine\n`],
  ["begin alone", `a\n${BEGIN}z\n`],
  ["end without begin", `a\n${section(ONE)}${END}z\n`],
  ["end alone", `a\n${END}z\n`],
  ["end before begin", `a\n${END}y\n${BEGIN}z\n`],
  ["two blocks", `a\n${BEGIN}${section(ONE)}${END}y\n${BEGIN}${section(DEAD)}${END}z\n`],
  ["the same block twice", `a\n${BEGIN}${section(ONE)}${END}y\n${BEGIN}${section(ONE)}${END}z\n`],
  ["nested", `a\n${BEGIN}${BEGIN}${section(ONE)}${END}x\n${section(DEAD)}${END}z\n`],
  ["a section outside", `a\n${section(ONE)}z\n`],
  ["an empty block", `a\n${BEGIN}${END}z\n`],
  ["a broken header", `a\n${BEGIN}# instance pid=1 started\n127.0.0.1 x\n${END}z\n`],
  ["an unended section at the end", `a\n${BEGIN}${section(ONE).trimEnd()}`],
])("damaged markers: %s", (_, text) => {
  const theirs = text
    .split(/(?<=\n)/)
    .filter((line) => !/^# ingress-dev|^# instance.*lines=|basic1/.test(line))
    .join("");
  expect(users(text)).toBe(theirs);
  expect(drop(Buffer.from(text))?.toString()).toBe(theirs);
  const mended = add(Buffer.from(text)).toString();
  expect(users(mended)).toBe(theirs);
  expect(mended.match(/# ingress-dev (begin|end)/g)).toEqual(["# ingress-dev begin", "# ingress-dev end"]);
  expect(hostsIn(Buffer.from(mended))).toEqual(["101 127.0.0.1 www.basic1.com", "101 ::1 www.basic1.com"]);
});

test("2,000 hosts in a file of 100,000 lines take time in proportion", () => {
  const file = (lines: number): Buffer =>
    Buffer.from(
      Array.from({ length: lines }, (_, i) => `10.0.${i % 256}.7 host-${i}.test # ${i}\n`).join(""),
    );
  const hosts = Array.from({ length: 2000 }, (_, i) => `127.0.0.1 app-${i}.test`);
  const cost = (bytes: Buffer): number => {
    const start = performance.now();
    const edited = add(add(bytes), ONE, hosts);
    expect(drop(edited)?.equals(bytes)).toBe(true);
    return performance.now() - start;
  };
  cost(file(1000));
  const small = Math.min(cost(file(10_000)), cost(file(10_000)));
  // Quadratic would be a hundred times the time.
  expect(cost(file(100_000))).toBeLessThan(30 * small);
});

test("a section whose lines were all changed costs no more than its length", () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => `127.0.0.1 app-${i}.test`);
  const text = `${BEGIN}${section(DEAD, lines).replaceAll(" app", " mine")}`;
  const used = processorTime();
  expect(drop(Buffer.from(text))?.toString()).toBe(
    lines.map((line) => `${line.replace(" app", " mine")}\n`).join(""),
  );
  expect(used()).toBeLessThan(5000);
});
