import type { ClientRequest } from "./client-request.ts";

/**
 * True for an HTTP/2 upgrade offer (RFC 7540 section 3.2). A server may decline it (RFC 9113 section 3.1):
 * requests inside an HTTP/2 tunnel would bypass all rules.
 */
export function offersHttp2({ headers }: ClientRequest): boolean {
  return /(?:^|,)\s*h2c?(?:-\d+)?\s*(?:,|$)/i.test(headers.upgrade ?? "");
}
