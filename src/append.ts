/**
 * Adds all of `more` to a list. Spreading it into `push` puts each on the stack, which is full at some 120,000.
 */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const one of more) list.push(one);
}
