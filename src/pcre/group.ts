import { NO_OPTIONS, type Options } from "./cursor.ts";
import { groupNumber, openGroup, readName, referTo } from "./groups.ts";
import { type GroupRef, type Look, NOTHING, type PatternNode } from "./node.ts";
import { type ParsedItem, type ParserState, readChoice } from "./parse.ts";

/** Assertions and atomic groups have names as well as signs. */
const IN_WORDS: Readonly<Record<string, string>> = {
  pla: "=",
  positive_lookahead: "=",
  nla: "!",
  negative_lookahead: "!",
  plb: "<=",
  positive_lookbehind: "<=",
  nlb: "<!",
  negative_lookbehind: "<!",
  atomic: ">",
};

export function readGroup(state: ParserState): ParsedItem {
  const { cursor } = state;
  if (cursor.takeIf("*")) {
    const words = cursor.takeMatch(/([a-z_]+):/y)?.[1] ?? "";
    const sign = Object.hasOwn(IN_WORDS, words) ? IN_WORDS[words] : undefined;
    return sign === undefined
      ? cursor.unsupported("verbs such as (*COMMIT) are not")
      : repeatable(signed(state, sign));
  }
  if (!cursor.takeIf("?")) {
    if (cursor.options.n) return repeatable(inside(state));
    return repeatable(captured(state, openGroup(state)));
  }
  const sign = cursor.takeMatch(/=|!|<=|<!|>|:|\||P=|P>|P?<|'|\(|[R&]|[-+]?\d|C/y)?.[0];
  if (sign === undefined) return readOptions(state);
  return signedItem(state, sign);
}

function signedItem(state: ParserState, sign: string): ParsedItem {
  const { cursor } = state;
  if (sign === "|") return repeatable(branchReset(state));
  if (sign === "(") return repeatable(conditional(state));
  if (sign === "P=") return referTo(state, readName(cursor, ")"));
  if (sign === "C") return cursor.unsupported("callouts (?C) are not");
  if (/^(?:P>|[R&]|[-+]?\d)$/.test(sign)) return cursor.unsupported("recursion is not");
  if (/^(?:P?<|')$/.test(sign)) {
    const name = readName(cursor, sign === "'" ? "'" : ">");
    return repeatable(captured(state, openGroup(state, name)));
  }
  return repeatable(signed(state, sign));
}

function repeatable(node: PatternNode): ParsedItem {
  return { node, repeatable: true };
}

/** PCRE2's default PARENS_NEST_LIMIT, which nginx keeps. */
const DEEPEST = 250;

function inside(state: ParserState, beforeBranch?: () => void): PatternNode {
  const { cursor } = state;
  if (++cursor.depth > DEEPEST) return cursor.refuse("parentheses are too deeply nested");
  const node = readChoice(state, beforeBranch);
  cursor.depth--;
  return cursor.takeIf(")") ? node : cursor.refuse("missing closing parenthesis");
}

function captured(state: ParserState, index: number): PatternNode {
  return { kind: "capture", index, item: inside(state) };
}

function signed(state: ParserState, sign: string): PatternNode {
  if (sign === ":") return inside(state);
  return sign === ">" ? { kind: "atomic", item: inside(state) } : look(state, sign);
}

function look(state: ParserState, sign: string): Look {
  state.cursor.looks++;
  const item = inside(state);
  state.cursor.looks--;
  const direction = sign.startsWith("<") ? "behind" : "ahead";
  return { kind: "look", direction, expects: sign.endsWith("=") ? "match" : "no match", item };
}

/** `(?|…)`: every branch numbers its groups from the same start. */
function branchReset(state: ParserState): PatternNode {
  const { groups } = state;
  const first = groups.count;
  let highest = first;
  const node = inside(state, () => {
    highest = Math.max(highest, groups.count);
    groups.count = first;
  });
  groups.count = Math.max(highest, groups.count);
  return node;
}

function conditional(state: ParserState): PatternNode {
  const { cursor } = state;
  const test = condition(state);
  const node = inside(state);
  const branches = node.kind === "choice" ? node.branches : [node];
  const [yes = NOTHING, no = NOTHING, third] = branches;
  if (third !== undefined) return cursor.refuse("conditional subpattern contains more than two branches");
  return { kind: "condition", test, yes, no };
}

function condition(state: ParserState): GroupRef | Look {
  const { cursor, groups } = state;
  const sign = cursor.takeMatch(/\?(<?[=!])/y)?.[1];
  if (sign !== undefined) return look(state, sign);
  if (/^(?:R\d*|R&\w+|DEFINE)\)/.test(cursor.source.slice(cursor.at)))
    return cursor.unsupported("recursion is not");
  const found = cursor.takeMatch(/([-+]?)(\d+)\)/y);
  const to =
    found === undefined
      ? readName(cursor, cursor.takeIf("<") ? ">)" : cursor.takeIf("'") ? "')" : ")")
      : groupNumber(state, found[1] ?? "", found[2] ?? "");
  groups.references.push(to);
  return to;
}

/** `(?i-s)`, which holds to the end of the enclosing group, or `(?i-s:…)`. */
function readOptions(state: ParserState): ParsedItem {
  const { cursor } = state;
  const found = cursor.takeMatch(/(\^?)([imsxnJU]*)(?:-([imsxnJU]*))?([:)])/y);
  if (found === undefined)
    return cursor.refuse(
      cursor.ended ? "missing closing parenthesis" : "unrecognized character after (? or (?-",
    );
  const [, reset, on = "", off, end] = found;
  if (reset !== "" && off !== undefined) return cursor.refuse("invalid hyphen in option setting");
  const outside = cursor.options;
  const base = reset === "" ? outside : { ...NO_OPTIONS, J: outside.J, U: outside.U };
  cursor.options = switched(switched(base, on, "on"), off ?? "", "off");
  if (end === ")") return { node: NOTHING, repeatable: false };
  const node = inside(state);
  cursor.options = outside;
  return repeatable(node);
}

function switched(options: Options, letters: string, to: "on" | "off"): Options {
  const changes: Partial<Record<keyof Options, boolean>> = {};
  for (const letter of letters) changes[letter as keyof Options] = to === "on";
  if (letters.includes("x")) changes.xx = to === "on" && letters.includes("xx");
  return { ...options, ...changes };
}
