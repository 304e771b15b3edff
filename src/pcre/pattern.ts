import type { Captures, Pattern } from "../model/pattern.ts";
import type { ByteSet } from "./byte-set.ts";
import { EXHAUSTED, Machine } from "./machine.ts";
import { PatternError } from "./node.ts";
import { type Parsed, parsePcre } from "./parse.ts";
import { type Program, programOf } from "./program.ts";
import { isAnchored, isCatastrophic, leadingSets, neededSet } from "./weight.ts";

/** `location ~* "^…"` is anchored, `rewrite "(?i)…"` is not. */
export type Anchor = "start" | "anywhere";

/** `~*` and `(?i)` ignore case, `~` does not. */
export type Letters = "any case" | "exact case";

export type CompiledPattern =
  | { readonly kind: "compiled"; readonly pattern: Pattern; readonly catastrophic: boolean }
  | RefusedPattern;

export interface RefusedPattern {
  readonly kind: "refused";
  readonly why: string;
  readonly by: PatternError["by"];
}

/**
 * Steps per match, about 10 ms of work. PCRE's own limit is ten times as high; nginx answers 500 beyond it.
 */
const MOST_STEPS = 500_000;

/**
 * Compiles a PCRE pattern. default: ignores case, as ingress-nginx matches paths (`~*`, `(?i)`).
 *
 * A backtracking machine with a step limit runs it, so no request can hold the event loop and `too-complex`
 * is deterministic. `catastrophic`: a short subject may reach that limit.
 */
export function compilePattern(
  source: string,
  anchor: Anchor,
  letters: Letters = "any case",
): CompiledPattern {
  const bytes = Buffer.from(source, "utf8").toString("latin1");
  // No group around the pattern: nginx prepends `^` to the path, so `^/a|/b` anchors only its first branch.
  const parsed = parsePcre(anchor === "start" ? `^${bytes}` : bytes, letters);
  if (parsed.kind === "refused") return parsed;
  try {
    const exec = execOf(parsed, programOf(parsed));
    return { kind: "compiled", catastrophic: isCatastrophic(parsed.node), pattern: { source, exec } };
  } catch (error) {
    if (error instanceof PatternError) return { kind: "refused", why: error.message, by: error.by };
    throw error;
  }
}

function execOf(parsed: Parsed, { start, registers }: Program): Pattern["exec"] {
  const anchored = isAnchored(parsed.node);
  const needed = neededSet(parsed.node);
  const leading = anchored ? leadingSets(parsed.node) : [];
  return (subject) => {
    if (!begins(subject, leading) || (needed !== undefined && !holds(subject, needed))) return null;
    const machine = new Machine(subject, registers, MOST_STEPS);
    const last = anchored ? 0 : subject.length;
    try {
      for (let from = 0; from <= last; from++) {
        machine.pos = from;
        if (machine.run(start)) return captures(parsed, machine, from);
      }
      return null;
    } catch (error) {
      if (error === EXHAUSTED) return "too-complex";
      throw error;
    }
  };
}

function begins(subject: string, leading: readonly ByteSet[]): boolean {
  if (subject.length < leading.length) return false;
  for (let at = 0; at < leading.length; at++) if (leading[at]?.[subject.charCodeAt(at)] !== 1) return false;
  return true;
}

function holds(subject: string, set: ByteSet): boolean {
  for (let at = 0; at < subject.length; at++) if (set[subject.charCodeAt(at)] === 1) return true;
  return false;
}

function captures({ groups, names }: Parsed, { subject, registers, pos }: Machine, from: number): Captures {
  const held: (string | undefined)[] = [subject.slice(from, pos)];
  for (let group = 1; group <= groups; group++) {
    const end = registers[2 * group + 1] ?? -1;
    held.push(end < 0 ? undefined : subject.slice(registers[2 * group], end));
  }
  if (names.size === 0) return held;
  const byName: Record<string, string | undefined> = Object.create(null);
  for (const [name, numbers] of names)
    byName[name] = numbers.map((number) => held[number]).find((text) => text !== undefined);
  return Object.assign(held, { groups: byName });
}
