import type { AddressGuard, Guard } from "../model/guard.ts";
import { type Reason, reason } from "../model/reason.ts";
import { hasAddress } from "../request/address-list.ts";
import { ABSTAINED, PASSED, refused, type Verdict } from "./outcome/verdict.ts";

/** `deny` lines before `allow` lines, and `deny all` behind these: the first that names the client counts (nginx.tmpl). */
export function judgeAddress({ deny, allow, why }: AddressGuard, address: string): Verdict {
  if (deny !== undefined && hasAddress(deny, address))
    return refused(403, notAllowed(`the client's address here is ${address}: it is denied`), why);
  if (allow === undefined) return ABSTAINED;
  if (hasAddress(allow, address)) return PASSED;
  return refused(
    403,
    notAllowed(`the client's address here is ${address}: it is not among those allowed`),
    why,
  );
}

function notAllowed(text: string): Reason {
  return reason("address-denied", text);
}

/** Where a 401 at a location with these guards is sent on to (`auth-signin`); `undefined` for nowhere. */
export function signinOf(guards: readonly Guard[]): string | undefined {
  for (const guard of guards) {
    if (guard.kind === "external-auth" && guard.signin !== undefined) return guard.signin;
    const within = guard.kind === "any-of" ? signinOf(guard.guards) : undefined;
    if (within !== undefined) return within;
  }
  return undefined;
}
