import type { JsonObject } from "../../../model/json.ts";
import type { ObjectStatus } from "../../../model/object-status.ts";
import type { Problem } from "../../../model/problem.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { ingressName, problemOf } from "../../problem.ts";

/** A condition's detail, in Contour's words. */
interface Detail {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly field: string;
  readonly level: "error" | "warning";
}

/** What is wrong with HTTPProxies, in the order in which Contour finds it (internal/status/proxystatus.go). */
export class ProxyStatuses {
  readonly #details = new Map<CustomResource, Detail[]>();
  /** A proxy that is included several times is judged each time; the last visit with a fault is shown. */
  readonly #visits = new Map<CustomResource, Detail[][]>();

  error(proxy: CustomResource, [type, reason, message]: StatusWords, field: string): undefined {
    this.#add(proxy, { type, reason, message, field, level: "error" });
    return undefined;
  }

  warning(proxy: CustomResource, [type, reason, message]: StatusWords, field: string): void {
    this.#add(proxy, { type, reason, message, field, level: "warning" });
  }

  #add(proxy: CustomResource, detail: Detail): void {
    const visit = this.#visits.get(proxy)?.at(-1);
    if (visit !== undefined) visit.push(detail);
    else this.#details.set(proxy, [...(this.#details.get(proxy) ?? []), detail]);
  }

  visit<T>(proxy: CustomResource, judge: () => T): T {
    const visits = this.#visits.get(proxy) ?? [];
    this.#visits.set(proxy, visits);
    visits.push([]);
    const judged = judge();
    const found = visits.pop() ?? [];
    if (found.length > 0) this.#details.set(proxy, found);
    return judged;
  }

  statusOf(proxy: CustomResource): ObjectStatus {
    const { kind, metadata } = proxy;
    const object = { kind, namespace: metadata.namespace, name: metadata.name };
    return { object, status: statusWith(this.#details.get(proxy) ?? []) };
  }

  problemsOf(proxy: CustomResource): readonly Problem[] {
    return (this.#details.get(proxy) ?? []).map(({ type, reason, message, field, level }) =>
      problemOf(proxy, {
        ...{ code: "status-error", level: level === "error" ? "error" : "warning", field },
        ...(level === "error" ? { lost: "route" as const } : {}),
        message: `HTTPProxy ${ingressName(proxy)}: ${type} ${reason}: ${message}`,
        fix: "Correct what the message names.",
      }),
    );
  }
}

export type StatusWords = readonly [type: string, reason: string, message: string];

const VALID = "Valid HTTPProxy";
const INVALID = "At least one error present, see Errors for details";

function statusWith(details: readonly Detail[]): JsonObject {
  const of = (level: Detail["level"]) =>
    details
      .filter((detail) => detail.level === level)
      .map(({ type, reason, message }) => ({ type, status: "True", reason, message }));
  const errors = of("error");
  const warnings = of("warning");
  const orphan = details.find(({ type }) => type === "Orphaned");
  const isValid = errors.length === 0;
  const message = isValid ? VALID : INVALID;
  return {
    currentStatus: isValid ? "valid" : orphan === undefined ? "invalid" : "orphaned",
    description: orphan?.message ?? message,
    conditions: [
      {
        ...{ type: "Valid", status: isValid ? "True" : "False", reason: isValid ? "Valid" : "ErrorPresent" },
        message,
        ...(isValid ? {} : { errors }),
        ...(warnings.length === 0 ? {} : { warnings }),
      },
    ],
  };
}

/** The default of the schema, for an object of another class. */
export function notReconciled({ kind, metadata }: CustomResource): ObjectStatus {
  return {
    object: { kind, namespace: metadata.namespace, name: metadata.name },
    status: { currentStatus: "NotReconciled", description: "Waiting for controller" },
  };
}
