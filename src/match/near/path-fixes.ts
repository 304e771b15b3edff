import { closest } from "../../closest.ts";
import type { RouteRule } from "../../model/route.ts";

/** Another path that a rule may cover. */
export interface PathFix {
  readonly path: string;
  readonly why: string;
  /** Lower is nearer. */
  readonly cost: number;
}

/** A head this short is close to too much: `/a` and `/b`. */
const SHORTEST_TYPO = 4;

/** Paths like the request's that a rule may cover, nearest first. All as text. */
export function pathFixes({ path: written, pathType, regex }: RouteRule, asked: string): readonly PathFix[] {
  const own = regex ? literalHead(written) : written;
  if (own === "" || own === "/") return [];
  const bare = own.endsWith("/") ? own.slice(0, -1) : own;
  const fixes: (PathFix | undefined)[] = [
    caseFix(own, asked),
    slashFix(own, asked),
    elementFix(bare, own, asked, regex ? `^${written} does not match ${asked}` : undefined),
    pathType === "Exact" && asked.startsWith(`${bare}/`) && asked !== `${bare}/`
      ? { path: own, why: `an Exact path covers nothing below it: ${own} does not cover ${asked}`, cost: 3 }
      : undefined,
    typoFix(bare, asked),
    bare.startsWith(asked.endsWith("/") ? asked : `${asked}/`)
      ? { path: own, why: `the rule asks for more of the path: ${own}`, cost: 6 }
      : undefined,
  ];
  return fixes.filter((fix) => fix !== undefined).sort((a, b) => a.cost - b.cost);
}

/** An expression up to its first operator; a repeated character may be absent. */
function literalHead(expression: string): string {
  const operator = /[\\^$|?*+()[\]{}]/.exec(expression);
  if (operator === null) return expression;
  const isRepeat = "?*{".includes(operator[0]);
  return expression.slice(0, operator.index - (isRepeat ? 1 : 0));
}

function caseFix(own: string, asked: string): PathFix | undefined {
  const head = asked.slice(0, own.length);
  if (head === own || head.toLowerCase() !== own.toLowerCase()) return undefined;
  const why = `paths are compared with regard to case: ${head} is not ${own}`;
  return { path: own + asked.slice(own.length), why, cost: 1 };
}

function slashFix(own: string, asked: string): PathFix | undefined {
  if (asked === `${own}/`)
    return { path: own, why: "the request has a slash at its end, the rule has none", cost: 2 };
  return own === `${asked}/`
    ? { path: own, why: "the rule has a slash at its end, the request has none", cost: 2 }
    : undefined;
}

/** `why`: of an expression. */
function elementFix(bare: string, own: string, asked: string, why: string | undefined): PathFix | undefined {
  if (!asked.startsWith(bare) || asked.length === bare.length || asked[bare.length] === "/") return undefined;
  const elements = `a Prefix covers whole path elements: ${bare} does not cover ${asked}`;
  return { path: own, why: why ?? elements, cost: 3 };
}

/** The same number of elements, with a slip in them. */
function typoFix(bare: string, asked: string): PathFix | undefined {
  const elements = bare.split("/").length;
  const head = asked.split("/").slice(0, elements).join("/");
  if (head.length < SHORTEST_TYPO || head.toLowerCase() === bare.toLowerCase()) return undefined;
  if (closest(head, [bare]) === undefined) return undefined;
  return { path: bare + asked.slice(head.length), why: `${head} is close to ${bare}`, cost: 5 };
}
