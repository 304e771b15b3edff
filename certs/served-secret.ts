import type { Secret } from "../src/model/resource.ts";
import { covers } from "./names.ts";
import { type CheckedSecret, checkSecret, secretProblems } from "./secret-check.ts";
import type { Served } from "./served.ts";

export interface ServedSecret extends Served {
  readonly secret: Secret;
  /** The result of `check`; `undefined` before. */
  readonly checked: CheckedSecret | undefined;
  /** Checks the Secret, once (2 ms). `context` does so itself; `problems` is empty before. */
  check(): void;
}

/**
 * Serves a Secret, or the controller's fake certificate if it is invalid or not for the host.
 *
 * `hosts`: `"any"` serves every name. `before`: the Secret at the last update; equal bytes keep their
 * contexts.
 */
export function createServedSecret(
  secret: Secret,
  hosts: readonly string[] | "any",
  fake: Served,
  now: Date,
  before: ServedSecret | undefined,
): ServedSecret {
  let checked = before !== undefined && sameBytes(before.secret, secret) ? before.checked : undefined;
  const look = (): CheckedSecret => {
    checked ??= checkSecret(secret);
    return checked;
  };
  return {
    secret,
    get checked() {
      return checked;
    },
    check() {
      look();
    },
    context(host, terms) {
      const found = look();
      return found.kind === "good" && (hosts === "any" || covers(found.pair.names, host))
        ? found.contexts(terms)
        : fake.context(host, terms);
    },
    problems: () =>
      checked === undefined ? [] : secretProblems(secret, checked, hosts === "any" ? [] : hosts, now),
  };
}

function sameBytes(a: Secret, b: Secret): boolean {
  return ["tls.crt", "tls.key"].every((key) => {
    const before = a.data.get(key);
    const now = b.data.get(key);
    return before === undefined || now === undefined ? before === now : before.equals(now);
  });
}
