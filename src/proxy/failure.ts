import type { Decision } from "../model/decision.ts";
import type { Upstream } from "../model/upstream.ts";
import { causeOf, UpstreamTimeout } from "./connect.ts";
import type { Answer } from "./context.ts";
import { MalformedBody } from "./exchange.ts";
import { BodyTimeout, BodyTooLarge, SendTimeout } from "./upload.ts";

/** Codes of undici for an upstream that did not answer in time. */
const TIMEOUTS: ReadonlySet<unknown> = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** What a request gets that could not be carried out: 504 and 502 name the upstream, the rest is the client's own doing. */
export function failureOf(
  { backend, why }: Extract<Decision, { kind: "forward" }>,
  upstream: Upstream,
  error: Error,
): Answer {
  if (error instanceof BodyTooLarge) return { status: 413, why: [`${error.message} (proxy-body-size)`] };
  if (error instanceof MalformedBody) return { status: 400, why: [error.message] };
  if (error instanceof BodyTimeout) return { status: 408, why: [error.message] };
  const timeout =
    error instanceof UpstreamTimeout ||
    error instanceof SendTimeout ||
    ("code" in error && TIMEOUTS.has(error.code));
  const what = timeout ? "did not answer in time" : "could not be used";
  const cause = `${upstream.name}, an upstream of the Service ${backend.namespace}/${backend.service}, ${what}: ${causeOf(error)}`;
  return { status: timeout ? 504 : 502, why: [cause, ...why] };
}
