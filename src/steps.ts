/** A long computation in steps. Between two of them others may have their turn. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Takes all steps without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** How many items are used in a step. */
const USED_AT_ONCE = 100;

/** Uses each item in turn. */
export function* eachInSteps<T>(items: Iterable<T>, use: (item: T) => void): Steps<void> {
  let used = 0;
  for (const item of items) {
    use(item);
    used += 1;
    if (used % USED_AT_ONCE === 0) yield;
  }
}

/** How many items are sorted or merged in a step. */
const AT_ONCE = 500;

/** Sorts as `toSorted` does, also what is equal. */
export function* sortedInSteps<T>(items: readonly T[], compare: (a: T, b: T) => number): Steps<readonly T[]> {
  let runs: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    runs.push(items.slice(at, at + AT_ONCE).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: (readonly T[])[] = [];
    for (let at = 0; at < runs.length; at += 2)
      longer.push(yield* merged(runs[at] ?? [], runs[at + 1] ?? [], compare));
    runs = longer;
  }
  return runs[0] ?? [];
}

function* merged<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
): Steps<readonly T[]> {
  const all: T[] = [];
  let [from, other] = [0, 0];
  while (from < left.length && other < right.length) {
    const [a, b] = [left[from] as T, right[other] as T];
    if (compare(a, b) <= 0) {
      all.push(a);
      from += 1;
    } else {
      all.push(b);
      other += 1;
    }
    if (all.length % AT_ONCE === 0) yield;
  }
  return all.concat(left.slice(from), right.slice(other));
}
