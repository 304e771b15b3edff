import type { Steps } from "../steps.ts";

/**
 * An input of a compilation, such as the Secret of a name. `same` says when it has not changed (default: it is the same
 * object).
 */
export interface Given<K, V> {
  readonly kind: "given";
  readonly name: string;
  readonly same: Same<V>;
  /** Only a type: what keys are. */
  readonly keys?: (key: K) => void;
}

/**
 * A part of a compilation, such as the settings of an Ingress or the routes of a host, whose answer is kept while
 * nothing that it asked for has changed.
 *
 * Always a constant of its module: then `make` knows nothing of a snapshot but what it asks for, so no dependency can be
 * forgotten. `K` is a text or an object that keeps its identity.
 */
export interface Query<K, V> {
  readonly kind: "query";
  readonly name: string;
  /** A new answer that is the same changes nothing for those who ask. */
  readonly same: Same<V>;
  readonly make: (key: K, ask: Ask) => V;
}

/** A query that takes long for a large key, as for a host with 30,000 paths. */
export interface LongQuery<K, V> {
  readonly kind: "long";
  readonly name: string;
  readonly same: Same<V>;
  readonly make: (key: K, ask: AskAtLength) => Steps<V>;
}

/** Answers what a query asks for, and notes it. Of no use once the query is answered. */
export interface Ask {
  for<V>(query: Query<undefined, V> | Given<undefined, V>): V;
  for<K, V>(query: Query<K, V> | Given<K, V>, key: K): V;
}

export interface AskAtLength extends Ask {
  inSteps<V>(query: LongQuery<undefined, V>): Steps<V>;
  inSteps<K, V>(query: LongQuery<K, V>, key: K): Steps<V>;
}

type Same<V> = (before: V, now: V) => boolean;

export function given<K, V>(name: string, same: Same<V> = Object.is): Given<K, V> {
  return { kind: "given", name, same };
}

export function query<K, V>(name: string, make: Query<K, V>["make"], same: Same<V> = Object.is): Query<K, V> {
  return { kind: "query", name, make, same };
}

export function longQuery<K, V>(
  name: string,
  make: LongQuery<K, V>["make"],
  same: Same<V> = Object.is,
): LongQuery<K, V> {
  return { kind: "long", name, make, same };
}

/** True for lists of the same objects in the same order. */
export function sameList<T>(before: readonly T[] | undefined, now: readonly T[] | undefined): boolean {
  if (before === now) return true;
  if (before === undefined || now === undefined || before.length !== now.length) return false;
  return before.every((item, at) => item === now[at]);
}

/** True for records with the same fields. */
export function sameRecord<T extends object>(before: T | undefined, now: T | undefined): boolean {
  if (before === now) return true;
  if (before === undefined || now === undefined) return false;
  const keys = Object.keys(before) as (keyof T)[];
  return keys.length === Object.keys(now).length && keys.every((key) => before[key] === now[key]);
}
