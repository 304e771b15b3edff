/** Characters that JSON.stringify leaves alone and that a terminal or JavaScript parser acts on; see printable.ts. */
const UNSAFE = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[\x20-\x7e]*$/;

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** A value as JSON on one line. Everything that a terminal would obey is a `\u` escape. */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return PLAIN.test(text) ? text : text.replace(UNSAFE, escaped);
}
