import type { Secret } from "../src/model/resource.ts";
import { covers } from "./names.ts";
import { type CheckedSecret, checkSecret, secretProblems } from "./secret-check.ts";
import type { Served } from "./served.ts";

/** A Secret of the manifests, serving some hosts. */
export interface ServedSecret extends Served {
  readonly secret: Secret;
  /** What was found in it, once somebody looked. */
  readonly checked: CheckedSecret | undefined;
  /** Looks now, if nobody has (2 ms). `context` does so itself; `problems` says nothing before. */
  check(): void;
}

/**
 * Serves a Secret as it is, and the controller's fake certificate where it is no good or not for the host.
 *
 * `hosts`: `"any"` for the one that is served for whatever name a client asks. `before` is the same Secret as it was at the
 * last update: where its bytes are the same, so is the context.
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

function sameBytes(one: Secret, other: Secret): boolean {
  return ["tls.crt", "tls.key"].every((key) => {
    const here = one.data.get(key);
    const there = other.data.get(key);
    return here === undefined || there === undefined ? here === there : here.equals(there);
  });
}
