import type { RequestFacts } from "../model/decision.ts";
import type { AddressGuard, DigestGuard, Guard, PasswordGuard } from "../model/guard.ts";
import { type Reason, reason } from "../model/reason.ts";
import { hasAddress } from "../request/address-list.ts";
import { readCredentials } from "../request/credentials.ts";
import { readDigest } from "../request/digest.ts";

/** What a guard says of a client, as far as it can be known from its request alone. `abstained`: neither for nor against. */
export type Opinion =
  | { readonly kind: "passed" | "abstained" | "unknown" }
  | { readonly kind: "refused"; readonly status: number; readonly why: readonly Reason[] };

/** `deny` lines before `allow` lines, and `deny all` behind these: the first that names the client counts (nginx.tmpl). */
export function judgeAddress({ deny, allow, why }: AddressGuard, address: string): Opinion {
  if (deny !== undefined && hasAddress(deny, address))
    return {
      kind: "refused",
      status: 403,
      why: [reason("address-denied", `the client's address here is ${address}: it is denied`), why],
    };
  if (allow === undefined) return { kind: "abstained" };
  if (hasAddress(allow, address)) return { kind: "passed" };
  const not = `the client's address here is ${address}: it is not among those allowed`;
  return { kind: "refused", status: 403, why: [reason("address-denied", not), why] };
}

/** Nobody has said who they are. */
export function noCredentials({ why }: PasswordGuard | DigestGuard): Extract<Opinion, { kind: "refused" }> {
  return {
    kind: "refused",
    status: 401,
    why: [reason("no-credentials", "the request has no user name and password"), why],
  };
}

/** What the guards will certainly say before anything has to be counted, computed or asked for; `undefined` where that is open. */
export function foreseen(
  guards: readonly Guard[],
  request: RequestFacts,
): Extract<Opinion, { kind: "refused" }> | undefined {
  for (const guard of guards) {
    const opinion = opinionOf(guard, request);
    if (opinion.kind === "refused") return opinion;
  }
  return undefined;
}

function opinionOf(guard: Guard, request: RequestFacts): Opinion {
  switch (guard.kind) {
    case "limits":
    case "external-auth":
      return { kind: "unknown" };
    case "addresses":
      return judgeAddress(guard, request.remoteAddress);
    case "basic-auth":
      return readCredentials(request.header("authorization")) === undefined
        ? noCredentials(guard)
        : { kind: "unknown" };
    case "digest-auth":
      return readDigest(request.header("authorization")) === undefined
        ? noCredentials(guard)
        : { kind: "unknown" };
    case "any-of":
      return together(guard.guards.map((one) => opinionOf(one, request)));
  }
}

/** `satisfy any`: a 401 goes before a 403 (ngx_http_core_access_phase). */
function together(opinions: readonly Opinion[]): Opinion {
  if (opinions.some(({ kind }) => kind === "passed")) return { kind: "passed" };
  if (opinions.some(({ kind }) => kind === "unknown")) return { kind: "unknown" };
  const refusals = opinions.filter((one) => one.kind === "refused");
  return refusals.find(({ status }) => status === 401) ?? refusals.at(-1) ?? { kind: "abstained" };
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
