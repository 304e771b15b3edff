/** How much work a backtracking engine may do on a subject: at most `factor * length ** degree` steps. */
export interface Complexity {
  readonly factor: number;
  readonly degree: number;
  /** Whether the pattern has a `|` outside of every group, which a `^` before it does not reach. */
  readonly alternatives: boolean;
}

interface Level {
  factor: number;
  degree: number;
  alternatives: number;
  /** Whether the level can match the same text in several ways, so that repeating it is exponential. */
  branching: boolean;
}

const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/;

/**
 * An upper bound for a JavaScript pattern (as `translatePcre` writes it), read off its text.
 *
 * `undefined` where there is no polynomial bound to be read off: a repeated group that itself repeats or chooses, the
 * shape behind every catastrophic pattern. The bound is crude but never too low, which is all that is asked of it.
 */
export function complexityOf(source: string): Complexity | undefined {
  const stack: Level[] = [newLevel()];
  let at = 0;
  while (at < source.length) {
    const atom = readAtom(source, at);
    at += atom.length;
    if (atom.kind === "open") {
      stack.push(newLevel());
      continue;
    }
    const closed = atom.kind === "close" ? stack.pop() : undefined;
    const level = stack.at(-1);
    if (level === undefined) return undefined;
    if (atom.kind === "or") level.alternatives++;
    if (atom.kind === "backreference") level.degree++;
    const quantifier = QUANTIFIER.exec(source.slice(at));
    if (quantifier !== null) at += quantifier[0].length;
    if (closed !== undefined && !absorb(level, closed, quantifier)) return undefined;
    if (quantifier !== null) repeat(level, quantifier);
  }
  const [whole] = stack;
  return whole === undefined || stack.length > 1
    ? undefined
    : {
        factor: whole.factor * whole.alternatives,
        degree: whole.degree,
        alternatives: whole.alternatives > 1,
      };
}

function newLevel(): Level {
  return { factor: 1, degree: 0, alternatives: 1, branching: false };
}

/** Adds a closed group to the level around it. `false`: the group may be repeated in exponentially many ways. */
function absorb(level: Level, group: Level, quantifier: RegExpExecArray | null): boolean {
  const branches = group.branching || group.alternatives > 1;
  if (branches && quantifier !== null && !quantifier[0].startsWith("?")) return false;
  level.factor *= group.factor * group.alternatives;
  level.degree += group.degree;
  level.branching ||= branches;
  return true;
}

function repeat(level: Level, quantifier: RegExpExecArray): void {
  const [text, least, comma, most] = quantifier;
  level.branching = true;
  if (text.startsWith("?")) level.factor *= 2;
  else if (least === undefined || (comma === "," && most === "")) level.degree++;
  else level.factor *= Math.max(1, Number(most || least) - Number(least) + 1);
}

interface Atom {
  readonly kind: "open" | "close" | "or" | "backreference" | "other";
  readonly length: number;
}

function readAtom(source: string, at: number): Atom {
  const rest = source.slice(at, at + 40);
  const open = /^\((?:\?(?:[:=!]|<[=!]|<\w+>))?/.exec(rest);
  if (open !== null) return { kind: "open", length: open[0].length };
  if (rest.startsWith(")")) return { kind: "close", length: 1 };
  if (rest.startsWith("|")) return { kind: "or", length: 1 };
  if (/^\\[1-9]/.test(rest)) return { kind: "backreference", length: 2 };
  if (rest.startsWith("\\")) return { kind: "other", length: 2 };
  return { kind: "other", length: rest.startsWith("[") ? classLength(source, at) : 1 };
}

function classLength(source: string, at: number): number {
  let end = at + 1;
  while (end < source.length && source[end] !== "]") end += source[end] === "\\" ? 2 : 1;
  return end + 1 - at;
}
