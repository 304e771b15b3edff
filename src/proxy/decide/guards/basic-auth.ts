import { noCredentials } from "../../../match/access.ts";
import type { PasswordGuard } from "../../../model/guard.ts";
import { type Reason, reason } from "../../../model/reason.ts";
import { readCredentials } from "../../../request/credentials.ts";
import { headerOf } from "../../../request/header-of.ts";
import type { ProxyContext } from "../../exchange/context.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { type Asked, PASSED, type Verdict } from "./verdict.ts";

/** nginx's `auth_basic`: 401 with a challenge to whoever has not said who they are, or cannot prove it. */
export function askPassword(context: ProxyContext, exchange: Exchange, guard: PasswordGuard): Asked {
  const credentials = readCredentials(headerOf(exchange.request.rawHeaders, "authorization"));
  if (credentials === undefined) return challenge(guard, noCredentials(guard).why);
  const { user, password } = credentials;
  const hash = guard.users.get(user);
  const name = JSON.stringify(Buffer.from(user, "latin1").toString());
  if (hash === undefined)
    return challenge(guard, [reason("unknown-user", `there is no user ${name}`), guard.why]);
  return context.passwords(hash, password).then((right) => {
    return right
      ? PASSED
      : challenge(guard, [reason("wrong-password", `the password of user ${name} is another`), guard.why]);
  });
}

function challenge({ realm }: PasswordGuard, why: readonly Reason[]): Verdict {
  const headers = [["WWW-Authenticate", `Basic realm="${realm}"`]] as const;
  return { kind: "refused", answer: { status: 401, why, headers } };
}
