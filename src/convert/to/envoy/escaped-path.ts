/** What a path has as it is, to Gateway API (HTTPRoutes) and to clients (RFC 3986). */
const AS_IT_IS = /[^-A-Za-z0-9/._~!$&'()*+,;=:@]/gu;

/** A path as clients send it. nginx compares paths decoded, and Envoy as they come. */
export function escapedPath(path: string): string {
  return path.replace(AS_IT_IS, escaped);
}

/** The same of an expression: blanks, and what is beyond ASCII. */
export function escapedExpression(source: string): string {
  return source.replace(/[^!-~]/gu, (char) => `(?:${escaped(char)})`);
}

function escaped(char: string): string {
  const bytes = [...Buffer.from(char)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}
