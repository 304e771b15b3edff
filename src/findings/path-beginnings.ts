/** What ends an expression that takes every path with a beginning. An expression has no end unless it says so. */
const TAKES_ALL = /^(?:\/\?)?(?:\(?\.\*\)?)?\$?$/;
/** Takes the beginning itself, and all elements below it. */
const TAKES_ELEMENTS = /^\((?:\?:)?\/\|\$\)(?:\(?\.\*\)?)?\$?$/;
/** Literal in an expression; a dot takes one character at least where a literal has it. */
const LITERAL = /^\/[\w/~.-]*/;

/**
 * The beginning whose every path an expression takes, in lower case: `/api/` of `/api/(.*)`. `undefined`: of none that is
 * known here.
 */
export function takenBeginning(source: string): string | undefined {
  const [read = ""] = LITERAL.exec(source) ?? [];
  // The dot of `.*` is no literal.
  const literal = read.endsWith(".") && source[read.length] === "*" ? read.slice(0, -1) : read;
  const rest = source.slice(literal.length);
  if (literal === "") return undefined;
  if (rest === "" || (TAKES_ALL.test(rest) && rest !== "$" && rest !== "/?$")) return literal.toLowerCase();
  return TAKES_ELEMENTS.test(rest) ? `${literal}/`.toLowerCase() : undefined;
}

/** What every path of an expression begins with, in lower case; `""`: nothing is known. */
export function neededBeginning(source: string): string {
  if (source.includes("|") && !isInGroups(source)) return "";
  const [literal = ""] = /^\/[\w/~-]*/.exec(source) ?? [];
  const isOptional = /^[?*{]/.test(source.slice(literal.length));
  return (isOptional ? literal.slice(0, -1) : literal).toLowerCase();
}

/** Every `|` is within parentheses; a class or an escape is not looked into. */
function isInGroups(source: string): boolean {
  if (/[[\\]/.test(source)) return false;
  let depth = 0;
  for (const char of source) {
    if (char === "(") depth += 1;
    else if (char === ")") depth -= 1;
    else if (char === "|" && depth === 0) return false;
  }
  return true;
}

/** Looks beyond what it has read, or gives nothing back: whether it matches hangs on what follows. */
const LOOKS_AHEAD = /\$|\\[bBzZGKCXR]|\(\?[=!<>|(R&P]|\(\*|[*+?}]\+/;

/**
 * An expression that is found in a beginning only if the given one takes every path that begins so: without what takes
 * the rest. `undefined`: what follows may count.
 */
export function expressionOfBeginnings(source: string): string | undefined {
  const open = source.replaceAll(/\((?:\?:)?\/\|\$\)/g, "/").replace(/(?<!\\)(?:\(\.\*\)|\.\*)\$?$/, "");
  return LOOKS_AHEAD.test(open) ? undefined : open;
}
