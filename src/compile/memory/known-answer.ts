import type { Given, LongQuery, Query } from "../query.ts";

export type AnyGiven = Given<never, unknown>;
export type AnyQuery = Query<never, unknown> | LongQuery<never, unknown> | AnyGiven;

/** A set of more would be megabytes for what everybody asks for, such as flags: when that changes, everything is looked at. */
const MOST_ASKERS = 500;

type Askers = KnownAnswer | readonly [KnownAnswer, KnownAnswer] | Set<KnownAnswer> | "many" | undefined;

/** One key of a query, with its answer. */
export class KnownAnswer {
  readonly query: AnyQuery;
  readonly key: unknown;
  answer: unknown;
  /** What it asked for, in order; `undefined` before the first answer. */
  asked: readonly KnownAnswer[] | undefined;
  /** Those who asked for it. Most have one or two: a set for each would be a tenth of the memory. */
  #askers: Askers;
  /** Something that it depends on has changed since the answer, or there is none yet. */
  isSuspect = true;
  /** Revisions: the last at which the answer was right, that of the answer, and the last that asked for it itself. */
  checked = 0;
  changed = 0;
  wanted = 0;
  /** Number of the asker that noted it last, and revision in which it is being made. */
  notedBy = 0;
  making = 0;

  constructor(query: AnyQuery, key: unknown) {
    this.query = query;
    this.key = key;
  }

  get hasAskers(): boolean {
    return this.#askers !== undefined;
  }

  /** Replaces what it asked for. */
  dependOn(asked: readonly KnownAnswer[]): void {
    if (this.asked !== undefined) this.dependOnNothing(new Set(asked));
    for (const one of asked) one.#addAsker(this);
    this.asked = asked;
  }

  /** `but`: what it still asks for */
  dependOnNothing(but?: ReadonlySet<KnownAnswer>): void {
    for (const one of this.asked ?? []) if (but?.has(one) !== true) one.#removeAsker(this);
    this.asked = undefined;
  }

  /** Notes a change: all that depend on it, through however many others, have to be looked at again. */
  change(revision: number, all: () => Iterable<KnownAnswer>): void {
    this.changed = revision;
    const reached: KnownAnswer[] = [this];
    for (let one = reached.pop(); one !== undefined; one = reached.pop())
      if (one.#askers === "many") {
        for (const each of all()) each.suspect(revision);
        return;
      } else for (const asker of one.#eachAsker()) if (asker.suspect(revision) === "new") reached.push(asker);
  }

  suspect(revision: number): "new" | "known" {
    // A change after an answer of the same revision counts for the next.
    if (this.checked >= revision) this.checked = revision - 1;
    if (this.isSuspect) return "known";
    this.isSuspect = true;
    return "new";
  }

  #eachAsker(): Iterable<KnownAnswer> {
    const askers = this.#askers;
    if (askers === undefined || askers === "many") return [];
    return askers instanceof KnownAnswer ? [askers] : askers;
  }

  #addAsker(asker: KnownAnswer): void {
    const askers = this.#askers;
    if (askers === undefined) this.#askers = asker;
    else if (askers instanceof Set) {
      askers.add(asker);
      if (askers.size > MOST_ASKERS) this.#askers = "many";
    } else if (askers instanceof KnownAnswer) {
      if (askers !== asker) this.#askers = [askers, asker];
    } else if (askers !== "many" && askers[0] !== asker && askers[1] !== asker)
      this.#askers = new Set([...askers, asker]);
  }

  #removeAsker(asker: KnownAnswer): void {
    const askers = this.#askers;
    if (askers === asker) this.#askers = undefined;
    else if (askers instanceof Set) {
      askers.delete(asker);
      if (askers.size === 0) this.#askers = undefined;
    } else if (askers !== undefined && askers !== "many" && !(askers instanceof KnownAnswer)) {
      if (askers[0] === asker) this.#askers = askers[1];
      else if (askers[1] === asker) this.#askers = askers[0];
    }
  }
}
