/** Draws a number below the given one. */
export type Draw = (below: number) => number;

/** True once in `times`. */
export function odd(draw: Draw, times: number): boolean {
  return draw(times) === 0;
}

export function oneOf(draw: Draw, values: readonly string[]): string {
  return values[draw(values.length)] ?? "";
}

export function shuffled(draw: Draw, values: readonly string[]): readonly string[] {
  const left = [...values];
  return values.map(() => left.splice(draw(left.length), 1)[0] ?? "");
}
