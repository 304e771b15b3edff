import { atOnce, type Steps } from "../steps.ts";
import { Asker } from "./memory/asker.ts";
import { type AnyGiven, type AnyQuery, KnownAnswer } from "./memory/known-answer.ts";
import type { AskAtLength, Given, LongQuery, Query } from "./query.ts";

/** The answers of queries from one compilation to the next. */
export interface Memory {
  /** Begins a revision: things given may have changed. Asking through an older one throws. */
  revise(world: Iterable<Supply>): Revision;
  /** Drops answers that no revision since this one has asked for. */
  forget(since: Revision): Steps<void>;
  /** Answers made so far, and how often one was looked at to see whether it is still right; for tests. */
  readonly made: number;
  readonly doubted: number;
}

/** A given thing with its lookup by key. */
export interface Supply {
  readonly what: AnyGiven;
  readonly lookup: (key: never) => unknown;
  readonly source?: Source | undefined;
}

/** What lookups are made from. default: all keys that are known are looked up again */
export interface Source {
  /** While it is the same object, nothing has changed. */
  readonly from: object;
  /** All keys that may have changed since the lookups were made from `before`. */
  readonly changes?: { readonly before: object; readonly keys: Iterable<unknown> } | undefined;
}

export function supplied<K, V>(what: Given<K, V>, lookup: (key: K) => V, source?: Source): Supply {
  return { what: what as AnyGiven, lookup, source };
}

export interface Revision extends AskAtLength {
  readonly number: number;
  /** Gives more, before anybody asks for it. */
  supply(...more: readonly Supply[]): Steps<void>;
  /** The object that the lookups of a given thing were made from last; `undefined`: unknown */
  sourceOf<K, V>(what: Given<K, V>): object | undefined;
  /** A further revision of the same world. */
  again(): Revision;
  /** This one, or a further one if there was one since. */
  latest(): Revision;
}

export function createMemory(): Memory {
  return new Answers();
}

/** How many things given are looked up in a step, and how many answers are passed over. */
const AT_ONCE = 1_000;

class Answers implements Memory {
  readonly #known = new Map<AnyQuery, Map<unknown, KnownAnswer>>();
  /** By revision. */
  #lookups = new Map<AnyQuery, Supply["lookup"]>();
  readonly #sources = new Map<AnyQuery, object>();
  #revision = 0;
  #askers = 0;
  made = 0;
  doubted = 0;

  revise(world: Iterable<Supply>): Revision {
    this.#revision += 1;
    const base = [...world];
    this.#lookups = new Map();
    const [number, lookups] = [this.#revision, this.#lookups];
    atOnce(this.#supply(base, lookups));
    const root = this.asker(undefined);
    const revision: Revision = {
      number,
      for: <K, V>(query: Query<K, V> | Given<K, V>, key?: K) => root.for(query, key as K),
      inSteps: <K, V>(query: LongQuery<K, V>, key?: K) => root.inSteps(query, key as K),
      supply: (...more) => this.#supply(more, lookups),
      sourceOf: (what) => this.#sources.get(what as AnyGiven),
      again: () => this.revise(base),
      latest: () => (number === this.#revision ? revision : this.revise(base)),
    };
    return revision;
  }

  asker(asked: KnownAnswer[] | undefined): Asker {
    this.#askers += 1;
    return new Asker(this, this.#askers, this.#revision, asked);
  }

  get revision(): number {
    return this.#revision;
  }

  known(query: AnyQuery, key: unknown): KnownAnswer {
    let keys = this.#known.get(query);
    if (keys === undefined) {
      keys = new Map();
      this.#known.set(query, keys);
    }
    let known = keys.get(key);
    if (known === undefined) {
      known = new KnownAnswer(query, key);
      keys.set(key, known);
    }
    return known;
  }

  /** Looks up what is known of things given, where it may have changed, and passes changes on to what depends on it. */
  *#supply(supplies: readonly Supply[], lookups: Map<AnyQuery, Supply["lookup"]>): Steps<void> {
    for (const { what, lookup, source } of supplies) {
      lookups.set(what, lookup);
      const before = this.#sources.get(what);
      if (source !== undefined && source.from === before) continue;
      // Given up halfway, it is unknown what the answers were made from.
      this.#sources.delete(what);
      let seen = 0;
      for (const known of this.#doubtful(what, before, source)) {
        this.#keep(known, lookup(known.key as never));
        this.doubted += 1;
        seen += 1;
        if (seen % AT_ONCE === 0) yield;
      }
      if (source !== undefined) this.#sources.set(what, source.from);
    }
  }

  *#doubtful(what: AnyGiven, before: object | undefined, source: Source | undefined): Iterable<KnownAnswer> {
    const keys = this.#known.get(what);
    if (keys === undefined) return;
    if (source?.changes === undefined || source.changes.before !== before) {
      yield* keys.values();
      return;
    }
    for (const key of source.changes.keys) {
      const known = keys.get(key);
      if (known !== undefined) yield known;
    }
  }

  /** Brings the answer of a short query up to date. */
  check(known: KnownAnswer): void {
    if (known.checked === this.#revision) return;
    const { query } = known;
    if (query.kind === "given") this.#look(known, query);
    else if (query.kind === "long") {
      if (known.isSuspect) throw new Error(`"${query.name}" is asked for in steps`);
    } else if (known.isSuspect && !this.#isRight(known)) {
      this.#begin(known);
      const asker = this.asker([]);
      const answer = query.make(known.key as never, asker);
      this.#settle(known, answer, asker);
    }
    this.#confirm(known);
  }

  *checkInSteps(known: KnownAnswer): Steps<void> {
    const { query } = known;
    if (query.kind !== "long" || !known.isSuspect || known.checked === this.#revision) this.check(known);
    else if (yield* this.#isRightInSteps(known)) this.#confirm(known);
    else {
      this.#begin(known);
      const asker = this.asker([]);
      const answer = yield* query.make(known.key as never, asker);
      this.#settle(known, answer, asker);
      this.#confirm(known);
    }
  }

  #confirm(known: KnownAnswer): void {
    known.checked = this.#revision;
    known.isSuspect = false;
  }

  /** What was looked up once is kept right by `#supply`. */
  #look(known: KnownAnswer, { name }: AnyGiven): void {
    const lookup = this.#lookups.get(known.query);
    if (lookup === undefined) throw new Error(`"${name}" is not given yet`);
    if (known.isSuspect) this.#keep(known, lookup(known.key as never));
  }

  #keep(known: KnownAnswer, answer: unknown): void {
    if (known.changed > 0 && known.query.same(known.answer, answer)) return;
    known.answer = answer;
    known.change(this.#revision, () => this.#queried());
  }

  *#queried(): Iterable<KnownAnswer> {
    for (const [query, keys] of this.#known) if (query.kind !== "given") yield* keys.values();
  }

  /** In the order of asking: what is asked for later may make no sense once something before it has changed. */
  #isRight({ asked, checked }: KnownAnswer): boolean {
    this.doubted += 1;
    if (asked === undefined) return false;
    for (const one of asked) {
      this.check(one);
      if (one.changed > checked) return false;
    }
    return true;
  }

  *#isRightInSteps({ asked, checked }: KnownAnswer): Steps<boolean> {
    this.doubted += 1;
    if (asked === undefined) return false;
    for (const one of asked) {
      if (one.query.kind === "long") yield* this.checkInSteps(one);
      else this.check(one);
      if (one.changed > checked) return false;
    }
    return true;
  }

  #begin(known: KnownAnswer): void {
    if (known.making === this.#revision) throw new Error(`"${known.query.name}" asks for itself`);
    known.making = this.#revision;
    this.made += 1;
  }

  #settle(known: KnownAnswer, answer: unknown, asker: Asker): void {
    known.dependOn(asker.close());
    this.#keep(known, answer);
    known.making = 0;
  }

  *forget({ number }: Revision): Steps<void> {
    const isUseless = (known: KnownAnswer) => !known.hasAskers && known.wanted < number;
    let seen = 0;
    for (const keys of this.#known.values())
      for (const known of keys.values()) {
        if (isUseless(known)) this.#drop(known, isUseless);
        seen += 1;
        if (seen % AT_ONCE === 0) yield;
      }
  }

  /** With all that was asked for by it alone. */
  #drop(known: KnownAnswer, isUseless: (known: KnownAnswer) => boolean): void {
    const useless: KnownAnswer[] = [known];
    for (let one = useless.pop(); one !== undefined; one = useless.pop()) {
      this.#known.get(one.query)?.delete(one.key);
      const { asked = [] } = one;
      one.dependOnNothing();
      for (const other of asked) if (isUseless(other)) useless.push(other);
    }
  }
}
