import type { Scheme } from "../../model/decision.ts";
import type { Step } from "../../step/step.ts";
import { FOR_ALL } from "./proxies/guards/authorization.ts";
import type { Root } from "./proxies/root.ts";

/**
 * Steps of a root HTTPProxy's virtual host, which routes of Ingresses on it take as well; on https only where the root has
 * TLS.
 */
export function sharedSteps({ steps, isSecure, tcp }: Root): readonly Step[] {
  const only: Scheme | undefined = !isSecure || tcp !== undefined ? "http" : undefined;
  const { cors, limit, filter, auth } = steps;
  const made: (Step | undefined)[] = [
    cors && { ...cors, only },
    limit && { ...limit, only },
    ...filter.map((step) => ({ ...step, only })),
    only === undefined && auth !== FOR_ALL ? auth : undefined,
  ];
  return made.filter((step) => step !== undefined);
}
