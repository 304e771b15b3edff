import type { OnBadValue } from "../../values/on-bad-value.ts";
import { blanksRemoved, bool, int, oneOf, type Validator } from "../kinds.ts";
import { SizeRegex } from "../patterns.ts";

/** The validator, the accepted values in words, the outcome of a refused value and of an empty one. */
export type Row = readonly [validator: Validator, what: string, otherwise?: OnBadValue, empty?: OnBadValue];

/** Annotations by the file of internal/ingress/annotations that reads them. */
export type Rows = Readonly<Record<string, Readonly<Record<string, Row>>>>;

export const BOOLEAN = '"true" or "false"';
export const WHOLE = "a whole number";
export const SECRET = "the name of a Secret, as namespace/name";
export const CONFIG_MAP = "the name of a ConfigMap, NAMESPACE/NAME";
export const ADDRESSES = "a list of addresses and networks, such as 10.0.0.0/8,192.168.1.7";
export const SIZE = "a size such as 8k, 1m or 4096";
export const ON_OFF = "on or off";
export const CAPTURES = "a path, with $1 to $9 for captures";

/** Switches, numbers and sizes; a bad value is only ignored. */
export const flag: Row = [bool, BOOLEAN];
export const number: Row = [int, WHOLE];
export const onOff: Row = [oneOf(["on", "off"], "exact case"), ON_OFF];
export const size: Row = [blanksRemoved(SizeRegex), SIZE];
