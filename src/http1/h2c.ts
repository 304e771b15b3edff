import type { ClientRequest } from "./client-request.ts";

/**
 * True of an offer of HTTP/2 (RFC 7540 section 3.2), which may always be declined (RFC 9113 section 3.1): behind a tunnel for
 * it requests would reach the backend that no rule has seen.
 */
export function offersHttp2({ headers }: ClientRequest): boolean {
  return /(?:^|,)\s*h2c?(?:-\d+)?\s*(?:,|$)/i.test(headers.upgrade ?? "");
}
