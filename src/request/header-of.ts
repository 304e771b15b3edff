/**
 * The value of a header by lower-case name. Repeated ones are joined by commas (RFC 9110 section 5.3),
 * cookies by semicolons (RFC 6265 section 5.4).
 */
export function headerOf(raw: readonly string[], name: string): string | undefined {
  let found: string | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if (raw[i]?.length !== name.length || raw[i]?.toLowerCase() !== name) continue;
    const value = raw[i + 1] ?? "";
    found = found === undefined ? value : `${found}${name === "cookie" ? "; " : ", "}${value}`;
  }
  return found;
}

/** The value of each line of a header, by lower-case name. */
export function headerLines(raw: readonly string[], name: string): readonly string[] {
  const found: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2)
    if (raw[i]?.length === name.length && raw[i]?.toLowerCase() === name) found.push(raw[i + 1] ?? "");
  return found;
}
