const NAMED: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
]);

/** A string as Go's `%q` prints it; the API server quotes bad values so. */
export function goQuote(value: string): string {
  const body = value.replace(/["\\]|[^\P{C}]|[^\P{Z} ]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const named = NAMED.get(char);
    if (named !== undefined) return named;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
    if (code < 0x10000) return `\\u${code.toString(16).padStart(4, "0")}`;
    return `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return `"${body}"`;
}

/** UTF-8 length, as Go's `len`. unit: bytes */
export function byteLength(value: string): number {
  return Buffer.byteLength(value, "utf8");
}
