/** Appends all of `more`. Spreading it into `push` would overflow the stack at about 120,000 entries. */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const item of more) list.push(item);
}
