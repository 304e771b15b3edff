/**
 * Reason phrases of the statuses that a proxy answers with.
 *
 * Source: RFC 9110 section 15; for 429 and 431 RFC 6585.
 */
export const PHRASES: ReadonlyMap<number, string> = new Map([
  [101, "Switching Protocols"],
  [200, "OK"],
  [204, "No Content"],
  [301, "Moved Permanently"],
  [302, "Found"],
  [303, "See Other"],
  [307, "Temporary Redirect"],
  [308, "Permanent Redirect"],
  [400, "Bad Request"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [405, "Method Not Allowed"],
  [408, "Request Timeout"],
  [413, "Content Too Large"],
  [414, "URI Too Long"],
  [421, "Misdirected Request"],
  [429, "Too Many Requests"],
  [431, "Request Header Fields Too Large"],
  [500, "Internal Server Error"],
  [501, "Not Implemented"],
  [502, "Bad Gateway"],
  [503, "Service Unavailable"],
  [504, "Gateway Timeout"],
  [505, "HTTP Version Not Supported"],
]);
