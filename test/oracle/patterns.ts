import fc from "fast-check";

/** Bytes of patterns and subjects: letters of both cases, a digit, and bytes special to PCRE. */
const LETTERS = ["a", "b", "A", "k", "0", "_", "/", "-", "\n", "\r", " ", "\xe9", "\xc9"];

/** Subjects begin with a slash, as paths do. */
export const subject: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...LETTERS), { maxLength: 9 })
  .map((letters) => `/${letters.join("")}`);

const ATOMS = [
  ..."aabAk0_/-".split(""),
  ".",
  "\\d",
  "\\w",
  "\\W",
  "\\s",
  "\\S",
  "\\h",
  "\\v",
  "\\N",
  "\\R",
  "[ab]",
  "[^a]",
  "[a-k_]",
  "[[:upper:]0]",
  "[^[:alpha:]]",
  "[\\w-]",
  "[]a]",
  "\\x61",
  "\\x{e9}",
  "\\351",
  "\\Qa.\\E",
];
const PLACES = [
  "^",
  "$",
  "\\b",
  "\\B",
  "\\A",
  "\\z",
  "\\Z",
  "\\G",
  "\\K",
  "(?i)",
  "(?-i)",
  "(?s)",
  "(?m)",
  "(?U)",
  "(?x) ",
  "(?#a)",
];
const REFERENCES = ["\\1", "\\2", "\\g{-1}", "\\g1"];
const QUANTIFIERS = ["*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}", "{0}", "{,2}"];
const OPENERS = ["(", "(", "(", "(?:", "(?>", "(?=", "(?!", "(?i:", "(?-i:", "(?|"];

/** Patterns of all syntax, too small to run away; some refer to missing groups. */
export const pattern: fc.Arbitrary<string> = fc.letrec<{
  choice: string;
  sequence: string;
  item: string;
  atom: string;
}>((tie) => ({
  choice: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 3, arbitrary: tie("sequence") },
    { weight: 1, arbitrary: fc.tuple(tie("sequence"), tie("choice")).map((both) => both.join("|")) },
  ),
  sequence: fc.array(tie("item"), { minLength: 0, maxLength: 4 }).map((items) => items.join("")),
  item: fc.oneof(
    { weight: 8, arbitrary: tie("atom") },
    {
      weight: 5,
      arbitrary: fc
        .tuple(tie("atom"), fc.constantFrom(...QUANTIFIERS), fc.constantFrom("", "", "", "?", "+"))
        .map((parts) => parts.join("")),
    },
    { weight: 1, arbitrary: fc.constantFrom(...PLACES) },
  ),
  atom: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: fc.constantFrom(...ATOMS) },
    { weight: 1, arbitrary: fc.constantFrom(...REFERENCES) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...OPENERS), tie("choice"))
        .map(([open, inner]) => `${open}${inner})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom("(?<=", "(?<!"), fc.constantFrom("a", "/|ab", "[ab]{2}", "^", "\\b"))
        .map(([open, inner]) => `${open}${inner})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom("1", "2", "?=a", "?!b"), tie("sequence"), tie("sequence"))
        .map(([test, yes, no]) => `(?(${test})${yes}|${no})`),
    },
  ),
})).choice;
