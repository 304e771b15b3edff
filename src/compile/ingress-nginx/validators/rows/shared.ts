import type { OnBadValue } from "../../values/on-bad-value.ts";
import { anyOf, blanksRemoved, bool, int, type Validator } from "../kinds.ts";
import { SizeRegex } from "../patterns.ts";

/** The validator, the accepted values in words, the outcome of a refused value and of an empty one. */
export type ValueRow = readonly [
  validator: Validator,
  what: string,
  otherwise?: OnBadValue,
  empty?: OnBadValue,
];

/** Annotations by the file of internal/ingress/annotations that reads them. */
export type ValueRows = Readonly<Record<string, Readonly<Record<string, ValueRow>>>>;

export const BOOLEAN = '"true" or "false"';
export const WHOLE = "a whole number";
export const SECRET_NAME = "the name of a Secret, as namespace/name";
export const OPTIONS_NAME = "the name of a ConfigMap, NAMESPACE/NAME";
export const ADDRESSES = "a list of addresses and networks, such as 10.0.0.0/8,192.168.1.7";
export const SIZE = "a size such as 8k, 1m or 4096";
export const ON_OFF = "on or off";
export const CAPTURES = "a path, with $1 to $9 for captures";

/** Switches, numbers and sizes; a bad value is only ignored. */
export const flag: ValueRow = [bool, BOOLEAN];
export const number: ValueRow = [int, WHOLE];
export const onOff: ValueRow = [anyOf(["on", "off"], "exact case"), ON_OFF];
export const size: ValueRow = [blanksRemoved(SizeRegex), SIZE];
