interface HeaderField {
  readonly name: string;
  readonly value: string;
}

function valuesOf(lines: readonly HeaderField[], name: string): readonly string[] {
  return lines.filter((line) => line.name.toLowerCase() === name).map(({ value }) => value);
}

function pairOf(text: string): { readonly name: string; readonly value: string } {
  const at = text.indexOf("=");
  return at < 0
    ? { name: "", value: text.trim() }
    : { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}

/** Cookies that a request sends (RFC 6265 section 5.4). */
export function cookiesIn(lines: readonly HeaderField[]) {
  return valuesOf(lines, "cookie")
    .flatMap((value) => value.split(";"))
    .filter((pair) => pair.trim() !== "")
    .map(pairOf);
}

/** Cookies that a response sets (RFC 6265 section 5.2). */
export function setCookiesIn(lines: readonly HeaderField[]) {
  return valuesOf(lines, "set-cookie").map((value) => {
    const [pair = "", ...attributes] = value.split(";");
    const named = new Map(
      attributes
        .map(pairOf)
        .map(({ name, value }) => (name === "" ? [value, ""] : [name, value]))
        .map(([name = "", text = ""]) => [name.toLowerCase(), text]),
    );
    const expires = new Date(named.get("expires") ?? "");
    return {
      ...pairOf(pair),
      path: named.get("path"),
      domain: named.get("domain"),
      expires: Number.isNaN(expires.getTime()) ? undefined : expires.toISOString(),
      httpOnly: named.has("httponly"),
      secure: named.has("secure"),
    };
  });
}
