import type { Steps } from "../../steps.ts";
import type { AskAtLength, Given, LongQuery, Query } from "../query.ts";
import type { AnyQuery, KnownAnswer } from "./known-answer.ts";

/** The answers that are asked for. */
interface Askable {
  readonly revision: number;
  known(query: AnyQuery, key: unknown): KnownAnswer;
  /** Brings an answer up to date. */
  check(known: KnownAnswer): void;
  checkInSteps(known: KnownAnswer): Steps<void>;
}

const NOTHING: readonly KnownAnswer[] = [];

/** Asks in the name of one query, and notes what for. */
export class Asker implements AskAtLength {
  readonly #answers: Askable;
  readonly #number: number;
  readonly #revision: number;
  #asked: KnownAnswer[] | undefined;
  #isClosed = false;

  constructor(answers: Askable, number: number, revision: number, asked: KnownAnswer[] | undefined) {
    this.#answers = answers;
    this.#number = number;
    this.#revision = revision;
    this.#asked = asked;
  }

  for<K, V>(query: Query<K, V> | Given<K, V>, key?: K): V {
    const known = this.#known(query as AnyQuery, key);
    this.#answers.check(known);
    return this.#note(known) as V;
  }

  *inSteps<K, V>(query: LongQuery<K, V>, key?: K): Steps<V> {
    const known = this.#known(query as AnyQuery, key);
    if (known.isSuspect) yield* this.#answers.checkInSteps(known);
    return this.#note(known) as V;
  }

  /** The list of what was asked for; nothing may follow. */
  close(): readonly KnownAnswer[] {
    this.#isClosed = true;
    const asked = this.#asked ?? [];
    this.#asked = undefined;
    // A list that grew has room for more.
    return asked.length === 0 ? NOTHING : asked.slice();
  }

  #known(query: AnyQuery, key: unknown): KnownAnswer {
    const known = this.#answers.known(query, key);
    this.#refuseLate(known);
    if (this.#asked === undefined) known.wanted = this.#revision;
    return known;
  }

  /** A dependency that is asked for later would be forgotten. */
  #refuseLate({ query }: KnownAnswer): void {
    if (this.#isClosed) throw new Error(`"${query.name}" is asked for after the answer`);
    if (this.#revision !== this.#answers.revision)
      throw new Error(`"${query.name}" is asked for in an older revision`);
  }

  #note(known: KnownAnswer): unknown {
    if (known.notedBy !== this.#number) {
      known.notedBy = this.#number;
      this.#asked?.push(known);
    }
    return known.answer;
  }
}
