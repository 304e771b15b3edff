import type { CustomFields, Value } from "../value.ts";

/** What an expression may come to: a value of the object, or what functions make. */
export type CelValue = Value | Duration | Format | Optional | readonly CelValue[] | CustomFields;

/** unit: ns */
export class Duration {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

/** A named format: `format.dns1123Label()`. */
export class Format {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** `optional.none()` without a value. */
export class Optional {
  readonly value: CelValue | undefined;

  constructor(value?: CelValue) {
    this.value = value;
  }
}

/** An expression that has no value, in cel-go's words. */
export class CelError extends Error {}

/** A rule took more steps than the API server would let it. */
export class CostExceeded extends Error {}
