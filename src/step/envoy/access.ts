import type { Addresses } from "../../model/addresses.ts";
import { type Reason, reason } from "../../model/reason.ts";
import { hasAddress } from "../../request/address-list.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** `rbac` of Envoy: the first rule for the client counts. */
export interface EnvoyAccessStep {
  readonly kind: "envoy-access";
  readonly rules: readonly { readonly addresses: Addresses; readonly lets: "in" | "out" }[];
  readonly otherwise: "in" | "out";
  readonly why: Reason;
}

export function judgeAccess({ request, route }: Arrival, step: EnvoyAccessStep): Change | undefined {
  const { rules, otherwise, why } = step;
  const rule = rules.find(({ addresses }) => hasAddress(addresses, request.remoteAddress));
  if ((rule?.lets ?? otherwise) === "in") return undefined;
  const because = [reason("address-denied", `${request.remoteAddress} is not let in`), why, ...route.why];
  return { decision: { kind: "respond", status: 403, text: "RBAC: access denied", route, why: because } };
}
