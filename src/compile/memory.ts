import type { Steps } from "../steps.ts";
import type { AskAtLength, Given, LongQuery, Query } from "./query.ts";

type AnyQuery = Query<never, unknown> | LongQuery<never, unknown> | Given<never, unknown>;

/** One key of a query, with its answer. */
class Known {
  readonly query: AnyQuery;
  readonly key: unknown;
  answer: unknown;
  /** What it asked for, in order; `undefined` before the first answer. */
  asked: readonly Known[] | undefined;
  /** Revisions: the last at which the answer was right, and that of the answer. */
  checked = 0;
  changed = 0;
  /** Number of the asker that noted it last, and revision in which it is being made. */
  notedBy = 0;
  making = 0;

  constructor(query: AnyQuery, key: unknown) {
    this.query = query;
    this.key = key;
  }
}

/** The answers of queries from one compilation to the next. */
export interface Memory {
  /** Begins a revision: things given may have changed. What is asked through an older one is an error. */
  revise(world: Iterable<Supply>): Revision;
  /** Drops answers that no revision since this one has asked for. */
  forget(since: Revision): Steps<void>;
  /** Answers made so far, for tests. */
  readonly made: number;
}

/** A given thing with its lookup by key; `supplied` makes it. */
export type Supply = readonly [Given<never, unknown>, (key: never) => unknown];

export function supplied<K, V>(what: Given<K, V>, lookup: (key: K) => V): Supply {
  return [what as Given<never, unknown>, lookup];
}

export interface Revision extends AskAtLength {
  readonly number: number;
  /** Gives more, before anybody asks for it. */
  supply(...more: readonly Supply[]): void;
  /** A further revision of the same world. */
  again(): Revision;
  /** This one, or a further one if there was one since. */
  latest(): Revision;
}

export function createMemory(): Memory {
  return new Answers();
}

class Answers implements Memory {
  readonly #known = new Map<AnyQuery, Map<unknown, Known>>();
  #given = new Map<AnyQuery, (key: never) => unknown>();
  #revision = 0;
  #askers = 0;
  made = 0;

  revise(world: Iterable<Supply>): Revision {
    this.#revision += 1;
    const base = [...world];
    this.#given = new Map(base);
    const [number, given] = [this.#revision, this.#given];
    const root = this.asker(undefined);
    const revision: Revision = {
      number,
      for: <K, V>(query: Query<K, V> | Given<K, V>, key?: K) => root.for(query, key as K),
      inSteps: <K, V>(query: LongQuery<K, V>, key?: K) => root.inSteps(query, key as K),
      supply: (...more) => {
        for (const [what, lookup] of more) given.set(what, lookup);
      },
      again: () => this.revise(base),
      latest: () => (number === this.#revision ? revision : this.revise(base)),
    };
    return revision;
  }

  asker(asked: Known[] | undefined): Asker {
    this.#askers += 1;
    return new Asker(this, this.#askers, this.#revision, asked);
  }

  get revision(): number {
    return this.#revision;
  }

  known(query: AnyQuery, key: unknown): Known {
    let keys = this.#known.get(query);
    if (keys === undefined) {
      keys = new Map();
      this.#known.set(query, keys);
    }
    let known = keys.get(key);
    if (known === undefined) {
      known = new Known(query, key);
      keys.set(key, known);
    }
    return known;
  }

  /** Brings an answer up to date that takes no steps. */
  check(known: Known): void {
    if (known.checked === this.#revision) return;
    const { query } = known;
    if (query.kind === "given") this.#look(known, query);
    else if (query.kind === "long") throw new Error(`"${query.name}" is asked for in steps`);
    else if (this.#isRight(known)) known.checked = this.#revision;
    else {
      this.#begin(known);
      const asker = this.asker([]);
      const answer = query.make(known.key as never, asker);
      this.#settle(known, answer, asker);
    }
  }

  *checkInSteps(known: Known): Steps<void> {
    if (known.checked === this.#revision) return;
    const { query } = known;
    if (query.kind !== "long") this.check(known);
    else if (yield* this.#isRightInSteps(known)) known.checked = this.#revision;
    else {
      this.#begin(known);
      const asker = this.asker([]);
      const answer = yield* query.make(known.key as never, asker);
      this.#settle(known, answer, asker);
    }
  }

  #look(known: Known, { name }: Given<never, unknown>): void {
    const lookup = this.#given.get(known.query);
    if (lookup === undefined) throw new Error(`"${name}" is not given yet`);
    this.#keep(known, lookup(known.key as never));
    known.checked = this.#revision;
  }

  #keep(known: Known, answer: unknown): void {
    if (known.checked > 0 && known.query.same(known.answer, answer)) return;
    known.answer = answer;
    known.changed = this.#revision;
  }

  /** In the order of asking: what is asked for later may make no sense once something before it has changed. */
  #isRight({ asked, checked }: Known): boolean {
    if (asked === undefined) return false;
    for (const one of asked) {
      this.check(one);
      if (one.changed > checked) return false;
    }
    return true;
  }

  *#isRightInSteps({ asked, checked }: Known): Steps<boolean> {
    if (asked === undefined) return false;
    for (const one of asked) {
      if (one.query.kind === "long") yield* this.checkInSteps(one);
      else this.check(one);
      if (one.changed > checked) return false;
    }
    return true;
  }

  #begin(known: Known): void {
    if (known.making === this.#revision) throw new Error(`"${known.query.name}" asks for itself`);
    known.making = this.#revision;
    this.made += 1;
  }

  #settle(known: Known, answer: unknown, asker: Asker): void {
    this.#keep(known, answer);
    known.asked = asker.close();
    known.checked = this.#revision;
    known.making = 0;
  }

  *forget({ number }: Revision): Steps<void> {
    let seen = 0;
    for (const keys of this.#known.values())
      for (const [key, { checked }] of keys) {
        if (checked < number) keys.delete(key);
        seen += 1;
        if (seen % 1_000 === 0) yield;
      }
  }
}

/** Asks in the name of one query, and notes what for. */
class Asker implements AskAtLength {
  readonly #answers: Answers;
  readonly #number: number;
  readonly #revision: number;
  #asked: Known[] | undefined;
  #isClosed = false;

  constructor(answers: Answers, number: number, revision: number, asked: Known[] | undefined) {
    this.#answers = answers;
    this.#number = number;
    this.#revision = revision;
    this.#asked = asked;
  }

  for<K, V>(query: Query<K, V> | Given<K, V>, key?: K): V {
    const known = this.#answers.known(query as AnyQuery, key);
    this.#refuseLate(known);
    this.#answers.check(known);
    return this.#note(known) as V;
  }

  *inSteps<K, V>(query: LongQuery<K, V>, key?: K): Steps<V> {
    const known = this.#answers.known(query as AnyQuery, key);
    this.#refuseLate(known);
    yield* this.#answers.checkInSteps(known);
    return this.#note(known) as V;
  }

  /** The list of what was asked for; nothing may follow. */
  close(): readonly Known[] {
    this.#isClosed = true;
    const asked = this.#asked ?? [];
    this.#asked = undefined;
    // A list that grew has room for more.
    return asked.slice();
  }

  /** A dependency that is asked for later would be forgotten. */
  #refuseLate({ query }: Known): void {
    if (this.#isClosed) throw new Error(`"${query.name}" is asked for after the answer`);
    if (this.#revision !== this.#answers.revision)
      throw new Error(`"${query.name}" is asked for in an older revision`);
  }

  #note(known: Known): unknown {
    if (known.notedBy !== this.#number) {
      known.notedBy = this.#number;
      this.#asked?.push(known);
    }
    return known.answer;
  }
}
