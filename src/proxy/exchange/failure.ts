import type { ForwardDecision } from "../../model/decision.ts";
import type { BackendEnd, Plane } from "../../model/plane.ts";
import { reason } from "../../model/reason.ts";
import type { Transport } from "../../model/route/transport.ts";
import type { Upstream } from "../../model/upstream.ts";
import { ConnectFailure, ConnectTimeout, causeOf } from "../connect/connect.ts";
import { InvalidHeader, ReadTimeout, UpstreamClosed } from "../connect/upstream-fault.ts";
import type { LocalReply } from "./answering.ts";

/** 400: invalid framing after the head. */
export class MalformedBody extends Error {
  override readonly name = "MalformedBody";
}

/** 413: more than `proxy-body-size`. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** 408: a pause within the client's body (`client_body_timeout`). */
export class BodyTimeout extends Error {
  override readonly name = "BodyTimeout";
}

/** 504: an upstream that does not take the body (`proxy_send_timeout`). */
export class SendTimeout extends Error {
  override readonly name = "SendTimeout";
}

/** Failures in the words of `proxy_next_upstream`; `client`: not the upstream's fault. */
export type FailureKind = "error" | "timeout" | "invalid_header" | "client";

export function kindOf(error: Error): FailureKind {
  if (error instanceof BodyTooLarge || error instanceof MalformedBody || error instanceof BodyTimeout)
    return "client";
  if (error instanceof ConnectTimeout || error instanceof ReadTimeout) return "timeout";
  if (error instanceof SendTimeout) return "timeout";
  return error instanceof InvalidHeader ? "invalid_header" : "error";
}

/** True if no connection was made, to a pod's port either: nothing arrived. */
export function isUnsent(error: Error): boolean {
  if (error instanceof ConnectFailure || error instanceof ConnectTimeout) return true;
  return codeOf(error) === "ECONNREFUSED";
}

/** True if a reused connection was closed while sending. */
export function isStale(error: Error): boolean {
  const code = codeOf(error);
  return error instanceof UpstreamClosed || code === "ECONNRESET" || code === "EPIPE";
}

/** `getaddrinfo` codes for names that do not resolve. */
const NOT_FOUND: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "ENODATA",
  "EAI_AGAIN",
  "EAI_NODATA",
  "EAI_FAIL",
]);

/**
 * True for an ExternalName that does not resolve: a Service without endpoints (balancer.lua, sync_backend).
 */
export function isUnresolved(upstream: Upstream, error: Error): boolean {
  return upstream.named === "external-name" && NOT_FOUND.has(codeOf(error));
}

/** Codes of OpenSSL's verification, of TLS that is none, and of HTTP/2 that is none. */
const MISUNDERSTOOD =
  /^(?:ERR_SSL_(?!.*ALERT)|ERR_TLS_CERT|ERR_HTTP2|CERT_|CRL_|.*(?:SIGNED_CERT|UNABLE_TO_|INVALID_CA|HOSTNAME_MISMATCH|ERROR_IN_CERT))/;

/** True if the upstream answered, but with a certificate or protocol that is of no use. */
function isMisunderstood(error: Error): boolean {
  return error instanceof InvalidHeader || MISUNDERSTOOD.test(codeOf(error));
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "";
}

/**
 * The answer to a failed request after some tries. 504 and 502 name the upstream; other statuses are the
 * client's fault.
 */
export function failureOf(
  { backend, why, route }: ForwardDecision,
  upstream: Upstream,
  error: Error,
  {
    tries = 1,
    plane: { misunderstood = 502, failed } = {},
  }: { readonly tries?: number; readonly plane?: Pick<Plane, "misunderstood" | "failed"> } = {},
): LocalReply {
  const kind = kindOf(error);
  if (error instanceof BodyTooLarge)
    return { status: 413, why: [reason("body-limit", `${error.message} (proxy-body-size)`)] };
  if (error instanceof MalformedBody) return { status: 400, why: [reason("bad-body", error.message)] };
  if (error instanceof BodyTimeout) return { status: 408, why: [reason("body-timeout", error.message)] };
  if (isUnresolved(upstream, error)) {
    const nowhere = `the externalName of the Service ${backend.namespace}/${backend.service} is not found: ${causeOf(error)}`;
    return { status: 503, why: [reason("external-name-not-found", nowhere), ...why] };
  }
  const what = kind === "timeout" ? "did not answer in time" : "could not be used";
  const often = tries > 1 ? `, at the last of ${tries} tries (proxy-next-upstream)` : "";
  const cause = `${upstream.name}, an upstream of the Service ${backend.namespace}/${backend.service}, ${what}${often}: ${causeOf(error)}`;
  const advice = upstream.advice === undefined ? [] : [reason("advice", upstream.advice)];
  const code = kind === "timeout" ? "upstream-timeout" : "upstream-failed";
  const usual = { status: kind === "timeout" ? 504 : isMisunderstood(error) ? misunderstood : 502 };
  return {
    ...(failed?.(endOf(error, route.transport), tries) ?? usual),
    why: [reason(code, cause), ...advice, ...why],
  };
}

function endOf(error: Error, { readTimeoutMs, idleTimeoutMs }: Transport): BackendEnd {
  if (error instanceof ConnectTimeout) return "unreached in time";
  if (kindOf(error) === "timeout") return readTimeoutMs === idleTimeoutMs ? "idle" : "silent";
  if (error instanceof InvalidHeader) return "unreadable";
  if (isStale(error)) return "closed";
  return isUnsent(error) ? "unreached" : "unreadable";
}
