import type { HeaderLine } from "../model/decision.ts";
import { isSameGuard } from "./behaviour/guards-in-words.ts";
import type { Behaviour } from "./behaviour.ts";

/** A part of a behaviour that a reader tells from the others. */
export type Aspect =
  | "kind"
  | "status"
  | "service"
  | "guards"
  | "path"
  | "location"
  | "canary"
  | "response headers"
  | "request headers"
  | "certificate"
  | "settings";

type Differ = (a: Behaviour, b: Behaviour) => boolean;

const isOther = (a: string | number | undefined, b: string | number | undefined) =>
  a !== b && a !== undefined && b !== undefined;

/** Most telling first. */
const DIFFER: readonly (readonly [Aspect, Differ])[] = [
  ["kind", (a, b) => a.kind !== b.kind],
  ["status", (a, b) => a.kind === b.kind && isOther(a.status, b.status)],
  ["service", (a, b) => isOther(a.service, b.service)],
  ["guards", (a, b) => a.kind === b.kind && !haveSameGuards(a.guards, b.guards)],
  ["path", (a, b) => isOther(a.path, b.path)],
  ["location", (a, b) => isOther(a.location, b.location)],
  ["canary", (a, b) => isOther(a.canary, b.canary)],
  ["response headers", (a, b) => a.kind === b.kind && !haveSameLines(a.responseHeaders, b.responseHeaders)],
  ["request headers", (a, b) => !haveSameLines(a.requestHeaders, b.requestHeaders)],
  ["certificate", (a, b) => isOther(a.certificate, b.certificate)],
  ["settings", (a, b) => a.settings?.text !== b.settings?.text && settingsThatDiffer(a, b).length > 0],
];

/** The parts that differ, most telling first. What one side does not know is no difference. */
export function aspectsThatDiffer(a: Behaviour, b: Behaviour): readonly Aspect[] {
  const differing: Aspect[] = [];
  for (const [aspect, differ] of DIFFER) if (differ(a, b)) differing.push(aspect);
  return differing;
}

/** The one that a reader would name. Another share is asked because the canary changed. */
export function leadingAspect(aspects: readonly Aspect[]): Aspect {
  const [first = "settings"] = aspects;
  return first === "service" && aspects.includes("canary") ? "canary" : first;
}

function haveSameGuards(a: Behaviour["guards"], b: Behaviour["guards"]): boolean {
  if (a === b || a === undefined || b === undefined) return true;
  return a.length === b.length && a.every((guard, at) => isSameGuard(guard, b[at] ?? guard));
}

function haveSameLines(a: readonly HeaderLine[] | undefined, b: readonly HeaderLine[] | undefined): boolean {
  if (a === b || a === undefined || b === undefined) return true;
  return a.length === b.length && a.every(([name, value], at) => name === b[at]?.[0] && value === b[at]?.[1]);
}

/** Names of settings with two values; one that only one side has counts. */
export function settingsThatDiffer(
  { settings: a }: Behaviour,
  { settings: b }: Behaviour,
): readonly string[] {
  if (a === b || a === undefined || b === undefined) return [];
  const [own, other] = [a.values, b.values];
  return [...new Set([...own.keys(), ...other.keys()])].filter((name) => own.get(name) !== other.get(name));
}

/** Names of headers that one side lacks, or has with another value. */
export function headersThatDiffer(
  a: readonly HeaderLine[] = [],
  b: readonly HeaderLine[] = [],
): readonly string[] {
  const isIn = (lines: readonly HeaderLine[], [name, value]: HeaderLine) =>
    lines.some(([other, sent]) => other === name && sent === value);
  const changed = [...a.filter((line) => !isIn(b, line)), ...b.filter((line) => !isIn(a, line))];
  return [...new Set(changed.map(([name]) => name))];
}
