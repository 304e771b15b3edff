import type { AddressGuard, Guard } from "../model/guard.ts";
import { type Reason, reason } from "../model/reason.ts";
import { hasAddress } from "../request/address/address-list.ts";
import { ABSTAINED, PASSED, refused, type Verdict } from "./outcome/verdict.ts";

/** `deny` lines, then `allow` lines, then `deny all`; the first match counts (nginx.tmpl). */
export function judgeAddress({ deny, allow, refusal, client, why }: AddressGuard, from: string): Verdict {
  const address = client ?? from;
  if (deny !== undefined && hasAddress(deny, address))
    return refused(403, notAllowed(`the client's address here is ${address}: it is denied`), why);
  if (allow === undefined) return ABSTAINED;
  if (hasAddress(allow, address)) return PASSED;
  const text = `the client's address here is ${address || "unknown"}: it is not among those allowed`;
  return { ...refused(refusal?.status ?? 403, notAllowed(text), why), text: refusal?.text };
}

function notAllowed(text: string): Reason {
  return reason("address-denied", text);
}

/** The `auth-signin` target for a 401 of these guards. */
export function signinOf(guards: readonly Guard[]): string | undefined {
  for (const guard of guards) {
    if (guard.kind === "external-auth" && guard.signin !== undefined) return guard.signin;
    const within = guard.kind === "any-of" ? signinOf(guard.guards) : undefined;
    if (within !== undefined) return within;
  }
  return undefined;
}
