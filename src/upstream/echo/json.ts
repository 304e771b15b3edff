/** Text that stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A text as JSON. Most need no escapes, and looking for them is faster than `JSON.stringify`. */
export function jsonText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** An object of texts as JSON, in the order that `JSON.stringify` has. */
export function jsonTexts(texts: ReadonlyMap<string, string>): string {
  let json = "";
  for (const [name, text] of texts) {
    // An object has its numbers first.
    if (isDigit(name.charCodeAt(0))) return JSON.stringify(Object.fromEntries(texts));
    json += `${json === "" ? "" : ","}${jsonText(name)}:${jsonText(text)}`;
  }
  return `{${json}}`;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
