/**
 * The headers of a request as nginx writes them (ngx_http_proxy_create_request), names and values in turn: the lines that
 * are set, but for those without a value, the length of the body, then the client's lines that nothing is set in place of.
 */
export function requestLines(set: readonly string[], length: string, clients: readonly string[]): string[] {
  const names = new Set<string>();
  const lines: string[] = [];
  const keep = (name: string, value: string) => void lines.push(name, value);
  eachLine(set, (name, value) => {
    names.add(name.toLowerCase());
    if (value !== "") keep(name, value);
  });
  if (length !== "" && !names.has("content-length")) keep("Content-Length", length);
  eachLine(clients, (name, value) => {
    if (!names.has(name.toLowerCase())) keep(name, value);
  });
  return lines;
}

function eachLine(lines: readonly string[], take: (name: string, value: string) => void): void {
  for (let i = 0; i + 1 < lines.length; i += 2) take(lines[i] ?? "", lines[i + 1] ?? "");
}
