import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { type EnvoyText, fillEnvoyText } from "./text.ts";

/** Asks the backend for another host, and tells it the client's in `x-forwarded-host` (`append_x_forwarded_host`). */
export interface EnvoyHostStep {
  readonly kind: "envoy-host";
  /** Without a value the host stays. */
  readonly to: EnvoyText;
  /** A cluster's own tells nothing. default: the client's host is told */
  readonly original?: "untold" | undefined;
}

export function changeEnvoyHost(at: Arrival, { to, original: told }: EnvoyHostStep): Change | undefined {
  const host = fillEnvoyText(to, at).replace(/[\x00-\x1f\x7f]/g, "");
  if (host === "") return undefined;
  if (told === "untold") return { requestHeaders: [["host", host]] };
  const original = at.request.authority ?? at.request.host;
  const before = at.request.header("x-forwarded-host");
  const all = before === undefined ? original : `${before},${original}`;
  return {
    requestHeaders: [
      ["host", host],
      ["x-forwarded-host", all],
    ],
  };
}
