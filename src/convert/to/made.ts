import type { Ingress } from "../../model/resource.ts";

/** A value of an object that is written anew. */
export type Made = null | boolean | number | string | readonly Made[] | MadeFields | Kept;

/** Fields in the order in which they are written; `undefined` is none. */
export interface MadeFields {
  readonly [key: string]: Made | undefined;
}

/** A value that stands for a field of the object before, whose comments it keeps. */
export class Kept {
  readonly value: Made;
  /** `spec.rules[0].host`; an Ingress: all that is written in one that nothing else stands for */
  readonly field: string | Ingress;

  constructor(value: Made, field: string | Ingress) {
    this.value = value;
    this.field = field;
  }
}

export function kept(value: Made, field: string | Ingress): Kept {
  return new Kept(value, field);
}

/** A whole object. */
export interface MadeObject extends MadeFields {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: MadeFields;
}

/** No empty lists and objects. */
export function unlessEmpty<T extends readonly Made[] | MadeFields>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}

/** The value without what it stands for. */
export function plainMade(value: Made | undefined): Exclude<Made, Kept> | undefined {
  return value instanceof Kept ? plainMade(value.value) : value;
}
