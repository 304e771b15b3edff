import { UserError } from "../../errors.ts";
import type { ApiConnection } from "../../model/cluster.ts";
import type { Problem } from "../../model/problem.ts";
import { startAdvice } from "./advice.ts";
import type { Backoff } from "./backoff.ts";
import { type ApiFault, faultOf } from "./fault.ts";
import { INGRESSES, pathOf } from "./kinds.ts";
import { askOnce } from "./list.ts";

/** The namespaces to read: those named, all, or all if that is allowed and else the context's. */
export type Namespaces = readonly string[] | "all" | "all-or-own";

/** `undefined`: all namespaces at once. */
export interface Scope {
  readonly namespaces: readonly (string | undefined)[];
  readonly problems: readonly Problem[];
}

export function unreadable({ context, server }: ApiConnection, fault: ApiFault): UserError {
  if (fault.userError !== undefined) return fault.userError;
  const about = `The API server of ${context} (${server})`;
  if (fault.kind === "credentials") {
    return new UserError("cluster-unauthorized", `${about} does not take the credentials: ${fault.message}.`);
  }
  if (fault.kind === "forbidden") {
    const message = `${about} lets nobody read Ingresses with these credentials: ${fault.message}.`;
    return new UserError("cluster-forbidden", message);
  }
  const message = `${about} cannot be read: ${fault.message}.`;
  return new UserError("cluster-unreachable", message, startAdvice(context));
}

/** Asks for Ingresses in one place, in every version. Returns the fault when there is no usable answer. */
async function ask(
  api: ApiConnection,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<ApiFault | undefined> {
  let fault: ApiFault | undefined;
  for (const version of INGRESSES.versions) {
    try {
      await askOnce(api, pathOf(version, INGRESSES.plural, namespace), signal);
      return undefined;
    } catch (error) {
      fault = faultOf(error);
      if (fault.kind !== "absent") return fault;
    }
  }
  return fault;
}

/**
 * Finds out if the API server can be read, and which namespaces. A failed connection is tried once more. What the API
 * server only puts off (429, 500) is left to the reflectors, which keep asking.
 *
 * @throws UserError `cluster-unreachable`, `cluster-unauthorized`, or what is wrong with the credentials.
 */
export async function findScope(
  api: ApiConnection,
  namespaces: Namespaces,
  backoff: Backoff,
  signal: AbortSignal,
): Promise<Scope> {
  const places = typeof namespaces === "string" ? [undefined] : namespaces;
  let fault = await ask(api, places[0], signal);
  if (fault?.kind === "unreached") {
    await backoff.pause(0, 0, "time", signal);
    fault = await ask(api, places[0], signal);
  }
  if (fault?.kind === "unreached" || fault?.kind === "credentials") throw unreadable(api, fault);
  if (fault?.kind !== "forbidden" || namespaces !== "all-or-own") return { namespaces: places, problems: [] };
  const message = `${fault.message}; the namespace of the context, ${api.namespace}, is read instead`;
  const fix =
    "Name the namespaces to read with -n, or ask for the permission to list Ingresses in all of them.";
  return {
    namespaces: [api.namespace],
    problems: [{ code: "cluster-forbidden", level: "notice", message, fix }],
  };
}
