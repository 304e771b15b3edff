/**
 * Characters that a terminal acts on or gives no width. Control characters (C0, DEL, C1), format characters
 * (bidirectional, zero-width, tags), line and paragraph separators, lone surrogates and others. CWE-150; CVE-2009-4487
 * is the same gap in nginx's log.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Nearly every text; saves the slower search. */
const PLAIN = /^[\x20-\x7e]*$/;

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\u{${code.toString(16)}}`;
}

/**
 * Makes foreign text (request, manifest, backend's error) safe to show: `\x1b`, `\u202e`, `\u{e0001}` replace
 * what a terminal obeys. One line stays one line.
 *
 * Backslashes stay, so that Windows paths and regular expressions are readable. The form cannot be decoded.
 */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNPRINTABLE, visible);
}
