/** Header lines with a Host without the dot at its end, as all behind it sees them (`strip_trailing_host_dot`). */
export function withoutHostDot(raw: readonly string[]): readonly string[] {
  return raw.map((text, at) => {
    const name = at % 2 === 1 ? raw[at - 1] : undefined;
    return name?.toLowerCase() === "host" ? text.replace(/\.(?=$|:[^.]*$)/, "") : text;
  });
}
