/** A HAR begins so, whatever follows. */
const BEGINNING = /^\s*\{\s*"log"\s*:\s*\{/;

/** True for the beginning of a HAR. A line of a log in JSON may have a text named `log`, but no object. */
export function beginsHar(beginning: string): boolean {
  return BEGINNING.test(beginning);
}
