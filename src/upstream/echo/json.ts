/** Text that stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A text as JSON. Most need no escapes, and looking for them is faster than `JSON.stringify`. */
export function jsonText(text: string): string {
  return PLAIN.test(text) ? quoted(text) : JSON.stringify(text);
}

/** An object of texts as JSON, in the order that `JSON.stringify` has. */
export function jsonTexts(texts: ReadonlyMap<string, string>): string {
  // One look at all texts is faster than one at each.
  let all = "";
  for (const [name, text] of texts) all += name + text;
  const asJson = PLAIN.test(all) ? quoted : jsonText;
  let json = "";
  for (const [name, text] of texts) {
    // An object has its numbers first.
    if (isDigit(name.charCodeAt(0))) return JSON.stringify(Object.fromEntries(texts));
    json += `${json === "" ? "" : ","}${asJson(name)}:${asJson(text)}`;
  }
  return `{${json}}`;
}

function quoted(text: string): string {
  return `"${text}"`;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
