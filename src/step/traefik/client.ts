import type { Addresses } from "../../model/addresses.ts";
import { hasAddress } from "../../request/address/address-list.ts";
import type { Arrival } from "../arrival.ts";

/** Which part of a request names its client. */
export type ClientBy =
  /** `ipStrategy.depth`: so many addresses from the right of X-Forwarded-For. */
  | { readonly depth: number }
  /** `ipStrategy.excludedIPs`: the last address that is none of these. */
  | { readonly excludes: Addresses }
  /** `sourceCriterion`; `host`: the request's. Lower case. */
  | { readonly header: string };

/** `""`: nobody. Source: pkg/ip/strategy.go; X-Forwarded-For of clients that are not trusted is gone by then. */
export function clientBy(by: ClientBy, { request }: Arrival): string {
  if ("header" in by)
    return by.header === "host" ? (request.authority ?? request.host) : (request.header(by.header) ?? "");
  const sent = request.header("x-forwarded-for") ?? "";
  const addresses = sent.split(",").map((address) => address.trim());
  if ("depth" in by) return addresses.at(-by.depth) ?? "";
  return addresses.toReversed().find((address) => address !== "" && !hasAddress(by.excludes, address)) ?? "";
}
