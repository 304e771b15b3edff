import type { Addresses } from "../../model/addresses.ts";
import type { Scheme } from "../../model/decision.ts";
import { hasAddress } from "../../request/address/address-list.ts";

/** Options of an entry point that act on every request. */
export interface EntryOptions {
  /** `http.sanitizePath` */
  readonly dots: "resolved" | "kept";
  /** `http.underscoreHeadersStrategy` */
  readonly underscores: "passed" | "dropped" | "refused";
  /** `forwardedHeaders.trustedIPs`, `forwardedHeaders.insecure`. default: nobody */
  readonly trusted?: Addresses | "everybody" | undefined;
  /** `forwardedHeaders.notAppendXForwardedFor` */
  readonly forwardedFor: "appended" | "left alone";
  /** `forwardedHeaders.addXForwardedSchemeHeaders` */
  readonly schemeHeaders: "added" | "none";
}

export type EntryOptionsByScheme = Readonly<Record<Scheme, EntryOptions>>;

export const DEFAULT_ENTRY: EntryOptions = {
  dots: "resolved",
  underscores: "passed",
  forwardedFor: "appended",
  schemeHeaders: "none",
};

/** True if what this client says of earlier hops counts. */
export function isTrusted({ trusted }: EntryOptions, address: string): boolean {
  return trusted === "everybody" || (trusted !== undefined && hasAddress(trusted, address));
}

export function areEqualOptions(one: EntryOptions, other: EntryOptions): boolean {
  return (
    one.dots === other.dots &&
    one.underscores === other.underscores &&
    one.forwardedFor === other.forwardedFor &&
    one.schemeHeaders === other.schemeHeaders &&
    trustOf(one) === trustOf(other)
  );
}

function trustOf({ trusted }: EntryOptions): string {
  return trusted === undefined || trusted === "everybody" ? String(trusted) : trusted.written.join();
}
