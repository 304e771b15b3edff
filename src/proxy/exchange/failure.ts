import { reason } from "../../model/reason.ts";
import type { Upstream } from "../../model/upstream.ts";
import type { Forward } from "../carry/backend-request.ts";
import { ConnectFailure, ConnectTimeout, causeOf } from "../connect/connect.ts";
import type { Answer } from "./context.ts";

/** What followed the head is no body: 400. */
export class MalformedBody extends Error {
  override readonly name = "MalformedBody";
}

/** The client sent more than `proxy-body-size` allows: 413. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** The client paused too long within its body: 408 (`client_body_timeout`). */
export class BodyTimeout extends Error {
  override readonly name = "BodyTimeout";
}

/** The upstream was silent for too long: 504 (`proxy_read_timeout`). */
export class ReadTimeout extends Error {
  override readonly name = "ReadTimeout";
}

/** The upstream did not take the body in time: 504 (`proxy_send_timeout`). */
export class SendTimeout extends Error {
  override readonly name = "SendTimeout";
}

/**
 * What went wrong with an upstream, by the words of `proxy_next_upstream`; `client` where it was not the upstream's
 * doing.
 */
export type FailureKind = "error" | "timeout" | "invalid_header" | "client";

/** The upstream answered, but not with a response head that can be passed on. */
export class InvalidHeader extends Error {
  override readonly name = "InvalidHeader";
}

/** The kind of an error that ended an attempt. */
export function kindOf(error: Error): FailureKind {
  if (error instanceof BodyTooLarge || error instanceof MalformedBody || error instanceof BodyTimeout)
    return "client";
  if (error instanceof ConnectTimeout || error instanceof ReadTimeout) return "timeout";
  if (error instanceof SendTimeout) return "timeout";
  if (error instanceof InvalidHeader || error.name === "HTTPParserError") return "invalid_header";
  const code = codeOf(error);
  return code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT" ? "timeout" : "error";
}

/** Whether the connection was not even made, within a pod neither: nothing of the request has arrived. */
export function isUnsent(error: Error): boolean {
  if (error instanceof ConnectFailure || error instanceof ConnectTimeout) return true;
  return codeOf(error) === "ECONNREFUSED";
}

/** Whether a connection that had served before was closed at the very moment of sending. */
export function isStale(error: Error): boolean {
  const code = codeOf(error);
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}

/** Codes of `getaddrinfo` for a name that is not found, or that nobody can be asked for now. */
const NOT_FOUND: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "ENODATA",
  "EAI_AGAIN",
  "EAI_NODATA",
  "EAI_FAIL",
]);

/** True of an ExternalName that was not found: a Service without endpoints (balancer.lua, sync_backend). */
export function isUnresolved(upstream: Upstream, error: Error): boolean {
  return upstream.named === "external-name" && NOT_FOUND.has(codeOf(error));
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "";
}

/**
 * What a request gets that could not be carried out, after so many tries: 504 and 502 name the upstream, the rest is the
 * client's own doing.
 */
export function failureOf({ backend, why }: Forward, upstream: Upstream, error: Error, tries = 1): Answer {
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
  return { status: kind === "timeout" ? 504 : 502, why: [reason(code, cause), ...advice, ...why] };
}
