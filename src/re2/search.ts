import { AT, type Automaton, EDGES, MATCH, RUNE, SAVE, SET, SPLIT } from "./automaton.ts";
import { decodeRune } from "./decode.ts";
import type { Beginning } from "./first-bytes.ts";
import { isMember } from "./rune-set.ts";
import type { Edge } from "./syntax-node.ts";

/** Where the match and each group begin and end; -1 for an unset group. */
export type Spans = readonly number[];

/** Steps of one search, some 40 ms. The text times the expression is the most that one can take. */
const MOST_STEPS = 4_000_000;

/** Bits that note which crossings were tried where: 8 MB. */
const MOST_NOTED = 64 * 1024 * 1024;

/** In place of a state: a group's place is to be put back. */
const PUT_BACK = -1;

export interface Search {
  readonly automaton: Automaton;
  readonly beginning: Beginning;
  /** The code point of a byte that is no UTF-8; -1 for one that nothing matches. */
  readonly broken: number;
}

/**
 * The leftmost match from a place on, and of these the one that the expression prefers, as Perl would find. Ways that failed are
 * not tried again, so the work is at most the text times the expression (Go's regexp/backtrack.go).
 */
export function search(
  { automaton, beginning, broken }: Search,
  text: string,
  from: number,
): Spans | null | "too-complex" {
  const { bytes, isAnchored } = beginning;
  const last = isAnchored ? 0 : text.length;
  let first = from;
  if (bytes !== undefined) while (first <= last && bytes[text.charCodeAt(first)] !== 1) first++;
  if (first > last) return null;
  const width = text.length - first + 1;
  const noted = automaton.crossingCount * width;
  if (noted > MOST_NOTED) return "too-complex";
  const attempt = new Attempt(automaton, text, first, broken, new Uint32Array((noted + 31) >>> 5));
  for (let start = first; start <= last; ) {
    if (attempt.run(start)) return attempt.spans;
    if (attempt.steps > MOST_STEPS) return "too-complex";
    start += start < text.length ? decodeRune(text, start) & 7 : 1;
    if (bytes !== undefined) while (start <= last && bytes[text.charCodeAt(start)] !== 1) start++;
  }
  return null;
}

class Attempt {
  readonly spans: number[];
  steps = 0;
  readonly #automaton: Automaton;
  readonly #text: string;
  readonly #first: number;
  readonly #width: number;
  readonly #broken: number;
  readonly #tried: Uint32Array;
  /** Ways that are left: a state and its place, or `PUT_BACK`, a group's place and what it was. */
  readonly #left: number[] = [];

  constructor(automaton: Automaton, text: string, first: number, broken: number, tried: Uint32Array) {
    this.#automaton = automaton;
    this.#text = text;
    this.#first = first;
    this.#width = text.length - first + 1;
    this.#broken = broken;
    this.#tried = tried;
    this.spans = new Array<number>(2 * automaton.groups + 2).fill(-1);
  }

  run(start: number): boolean {
    const { spans } = this;
    const left = this.#left;
    left.push(this.#automaton.start, start);
    while (left.length > 0) {
      const at = left.pop() ?? 0;
      const state = left.pop() ?? 0;
      if (state === PUT_BACK) spans[left.pop() ?? 0] = at;
      else {
        const end = this.#follow(state, at);
        if (this.steps > MOST_STEPS) return false;
        if (end < 0) continue;
        spans[0] = start;
        spans[1] = end;
        return true;
      }
    }
    return false;
  }

  /** One way to its end: where the match ends, or -1. */
  #follow(from: number, start: number): number {
    const { states, sets, crossings } = this.#automaton;
    const text = this.#text;
    let state = from;
    let at = start;
    for (;;) {
      if (++this.steps > MOST_STEPS) return -1;
      const crossing = crossings[state] ?? -1;
      if (crossing >= 0 && this.#wasTried(crossing, at)) return -1;
      const argument = states[3 * state + 2] ?? 0;
      switch (states[3 * state]) {
        case MATCH:
          return at;
        case RUNE:
        case SET: {
          if (at >= text.length) return -1;
          const byte = text.charCodeAt(at);
          const read = byte < 0x80 ? byte * 8 + 1 : decodeRune(text, at, this.#broken);
          const rune = read >> 3;
          if (states[3 * state] === RUNE) {
            if (rune !== argument) return -1;
          } else {
            const set = sets[argument];
            if (set === undefined || rune < 0 || !isMember(set, rune)) return -1;
          }
          at += read & 7;
          break;
        }
        case SPLIT:
          this.#left.push(argument, at);
          break;
        case SAVE:
          this.#left.push(argument, PUT_BACK, this.spans[argument] ?? -1);
          this.spans[argument] = at;
          break;
        case AT:
          if (!isAt(EDGES[argument], text, at)) return -1;
      }
      state = states[3 * state + 1] ?? -1;
    }
  }

  #wasTried(crossing: number, at: number): boolean {
    const bit = crossing * this.#width + at - this.#first;
    const word = this.#tried[bit >>> 5] ?? 0;
    const mask = 1 << (bit & 31);
    this.#tried[bit >>> 5] = word | mask;
    return (word & mask) !== 0;
  }
}

function isAt(edge: Edge | undefined, text: string, at: number): boolean {
  switch (edge) {
    case "text start":
      return at === 0;
    case "text end":
      return at === text.length;
    case "line start":
      return at === 0 || text.charCodeAt(at - 1) === 0x0a;
    case "line end":
      return at === text.length || text.charCodeAt(at) === 0x0a;
    case "word boundary":
      return isWord(text, at - 1) !== isWord(text, at);
    default:
      return isWord(text, at - 1) === isWord(text, at);
  }
}

/** Words are of ASCII. */
function isWord(text: string, at: number): boolean {
  const byte = text.charCodeAt(at);
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f
  );
}
