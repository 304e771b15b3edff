import { append } from "../append.ts";
import { internalProblem } from "../internal.ts";
import type { Problem } from "../model/problem.ts";
import type { Ingress } from "../model/resource.ts";
import type { Steps } from "../steps.ts";
import { ingressName } from "./problem.ts";

interface Fault {
  readonly ingress: Ingress;
  readonly error: unknown;
}

/** Limit of compilations that search for the faulty Ingresses. */
const MOST_ATTEMPTS = 200;

/**
 * Compiles Ingresses; if our own code throws, compiles again without the Ingresses at fault. Throws if no
 * Ingress is at fault.
 */
export function* withoutFaulty<T>(
  ingresses: readonly Ingress[],
  attempt: (ingresses: readonly Ingress[]) => Steps<T>,
): Steps<{ readonly compiled: T; readonly problems: readonly Problem[] }> {
  try {
    return { compiled: yield* attempt(ingresses), problems: [] };
  } catch {
    yield* attempt([]);
    const faults = yield* faultsAmong(ingresses, attempt, { left: MOST_ATTEMPTS });
    const faulty = new Set(faults.map(({ ingress }) => ingress));
    const compiled = yield* attempt(ingresses.filter((ingress) => !faulty.has(ingress)));
    return { compiled, problems: faults.map(problemOf) };
  }
}

function* faultsAmong(
  ingresses: readonly Ingress[],
  attempt: (ingresses: readonly Ingress[]) => Steps<unknown>,
  attempts: { left: number },
): Steps<readonly Fault[]> {
  try {
    yield* attempt(ingresses);
    return [];
  } catch (error) {
    const [ingress, ...others] = ingresses;
    if (ingress !== undefined && others.length === 0) return [{ ingress, error }];
    attempts.left -= 2;
    if (ingress === undefined || attempts.left < 0) throw error;
    const half = ingresses.length >> 1;
    const faults = [...(yield* faultsAmong(ingresses.slice(0, half), attempt, attempts))];
    append(faults, yield* faultsAmong(ingresses.slice(half), attempt, attempts));
    return faults;
  }
}

function problemOf({ ingress, error }: Fault): Problem {
  const { metadata, origin } = ingress;
  return internalProblem(error, `Ingress ${ingressName(ingress)} is left out: it could not be compiled`, {
    object: { kind: "Ingress", namespace: metadata.namespace, name: metadata.name },
    file: origin.file,
    line: origin.line || undefined,
  });
}
