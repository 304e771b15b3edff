/** A rule as Traefik writes it; its length in bytes is the router's priority. */
export function rulePriority(rule: string): number {
  return Buffer.byteLength(rule);
}

/** Every part has to hold. */
export function everyRule(parts: readonly string[]): string {
  return parts.join(" && ");
}

export function hostRule(hosts: readonly string[]): string {
  const each = hosts.map((host) => `Host(${goText(host)})`);
  return each.length > 1 ? `(${each.join(" || ")})` : each.join("");
}

export function exactRule(path: string): string {
  return `Path(${goText(path)})`;
}

/** `path` has no slash at its end, but for `/` itself. */
export function prefixRule(path: string): string {
  return path === "/" ? 'PathPrefix("/")' : `(Path(${goText(path)}) || PathPrefix(${goText(`${path}/`)}))`;
}

export function expressionRule(source: string): string {
  return `PathRegexp(${goText(source)})`;
}

/** A text as Go's %q writes it. */
export function goText(text: string): string {
  const escaped = text.replace(/["\\\x00-\x1f\x7f]/g, (char) => {
    const short = SHORT.get(char);
    return short ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped}"`;
}

const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\t", "\\t"],
  ["\r", "\\r"],
]);
