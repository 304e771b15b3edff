/**
 * What a terminal would act on instead of showing: control characters (C0, DEL, C1), format characters (bidirectional
 * controls, zero-width ones, tags), line and paragraph separators, lone surrogates, and everything else that has no
 * width of its own. CWE-150; CVE-2009-4487 is the same gap in nginx's log.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Nearly every text there is; spares it the slower search. */
const PLAIN = /^[\x20-\x7e]*$/;

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\u{${code.toString(16)}}`;
}

/**
 * A text of somebody else's (a request, a manifest, a backend's error) in a form that a terminal only shows:
 * `\x1b`, `\u202e`, `\u{e0001}` in place of what it would obey. One line stays one line.
 *
 * A backslash stays a backslash, so that paths of Windows and regular expressions can be read; the form is for eyes,
 * not for decoding.
 */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNPRINTABLE, visible);
}
