import type { JsonObject } from "../../../model/json.ts";

/** A condition of a status, as the controller writes it, but for its time. */
export interface StatusCondition extends JsonObject {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

export function condition(
  type: string,
  status: StatusCondition["status"],
  reason: string,
  message: string,
): StatusCondition {
  return { type, status, reason, message };
}

export function byType(conditions: readonly StatusCondition[]): readonly StatusCondition[] {
  return conditions.toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
}

/** Why a reference or a part of a route cannot be used, in the controller's words. */
export interface StatusFault {
  readonly reason: string;
  readonly message: string;
}

/** As the controller ends a message: a capital first, a period last. */
export function asSentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${message.endsWith(".") ? "" : "."}`;
}

/** Several faults of one type: the reasons in order, each message on its line. */
export function faultsTogether(
  type: string,
  faults: readonly StatusFault[],
  worded: (message: string) => string = asSentence,
): StatusCondition {
  const reasons = [...new Set(faults.map(({ reason }) => reason))].sort();
  return condition(type, "False", reasons.join(","), faults.map(({ message }) => worded(message)).join("\n"));
}
