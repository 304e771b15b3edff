/** Characters that would break a header line, or are no bytes. */
export const NO_LINE = /[\0\r\n]|[^\0-\xff]/;

/**
 * The head of a request as nginx writes it, without its end; one char per byte.
 * @throws Error for a header of more than one line
 */
export function headText(
  line: { readonly method: string; readonly path: string; readonly version?: "1.0" | "1.1" | undefined },
  headers: readonly string[],
): string {
  let text = `${line.method} ${line.path} HTTP/${line.version ?? "1.1"}\r\n`;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const value = headers[i + 1] ?? "";
    if (NO_LINE.test(value))
      throw new Error(`the header ${headers[i]} is no header line: ${JSON.stringify(value)}`);
    text += `${headers[i]}: ${value}\r\n`;
  }
  return text;
}
