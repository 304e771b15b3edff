import type { PasswordGuard } from "../../model/guard.ts";
import { type Reason, reason } from "../../model/reason.ts";
import { readCredentials } from "../../request/credentials.ts";
import { LATER, PASSED, type PendingVerdict, type Refused, type Verdict } from "./verdict.ts";

/** nginx's `auth_basic`: 401 with a challenge for missing or wrong credentials. One char per byte. */
export function judgePassword(
  guard: PasswordGuard,
  authorization: string | undefined,
  check: (hash: string, password: string) => boolean | "later",
): Verdict;
export function judgePassword(
  guard: PasswordGuard,
  authorization: string | undefined,
  check: (hash: string, password: string) => Promise<boolean>,
): PendingVerdict;
export function judgePassword(
  guard: PasswordGuard,
  authorization: string | undefined,
  check: (hash: string, password: string) => boolean | "later" | Promise<boolean>,
): PendingVerdict {
  const credentials = readCredentials(authorization);
  if (credentials === undefined) return challenge(guard, NO_CREDENTIALS);
  const name = JSON.stringify(Buffer.from(credentials.user, "latin1").toString());
  const hash = guard.users.get(credentials.user);
  if (hash === undefined) return challenge(guard, reason("unknown-user", `there is no user ${name}`));
  const judge = (right: boolean) =>
    right
      ? passedAs(guard, credentials.user)
      : challenge(guard, reason("wrong-password", `the password of user ${name} is another`));
  const right = check(hash, credentials.password);
  if (right === "later") return LATER;
  return right instanceof Promise ? right.then(judge) : judge(right);
}

function passedAs({ userHeader }: PasswordGuard, user: string): Verdict {
  return userHeader === undefined ? PASSED : { kind: "passed", requestHeaders: [[userHeader, user]] };
}

export const NO_CREDENTIALS = reason("no-credentials", "the request has no user name and password");

function challenge({ realm, why }: PasswordGuard, cause: Reason): Refused {
  const headers = [["WWW-Authenticate", `Basic realm="${realm}"`]] as const;
  return { kind: "refused", status: 401, why: [cause, why], headers };
}
