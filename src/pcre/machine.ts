/**
 * One step of a pattern. Returns the next step, or `undefined` on failure: then the machine tries another
 * choice.
 */
export type MachineStep = (machine: Machine) => MachineStep | undefined;

export const DONE: MachineStep = () => undefined;

export const EXHAUSTED: unique symbol = Symbol("exhausted");

/** One match in progress. */
export class Machine {
  readonly subject: string;
  pos = 0;
  /** Two per group (start and end, -1 for none), then the steps' own. */
  readonly registers: number[];
  #left: number;
  /** Open choices, and registers to restore (entries without a step). Only the first `top` are live. */
  readonly #choices: (MachineStep | undefined)[] = [];
  readonly #first: number[] = [];
  readonly #second: number[] = [];
  #top = 0;

  constructor(subject: string, registers: number, steps: number) {
    this.subject = subject;
    this.registers = new Array<number>(registers).fill(-1);
    this.#left = steps;
  }

  /** Continues here with `step` if what follows fails. */
  choice(step: MachineStep): void {
    this.range(step, this.pos, this.pos);
  }

  /** Like `choice`, from `last` down to `first`. */
  range(step: MachineStep, last: number, first: number): void {
    this.#push(step, last, first);
  }

  /** Sets a register; backtracking restores it. */
  save(register: number, value: number): void {
    this.#push(undefined, register, this.registers[register] ?? -1);
    this.registers[register] = value;
  }

  /** Counts steps that a loop inside one step takes. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw EXHAUSTED;
  }

  /** Runs to `DONE`. On `false` every choice made since has failed and the state is restored. */
  run(start: MachineStep): boolean {
    const base = this.#top;
    let step: MachineStep | undefined = start;
    while (step !== DONE) {
      if (step === undefined) {
        step = this.#retreat(base);
        if (step === undefined) return false;
      }
      if (--this.#left < 0) throw EXHAUSTED;
      if (step !== DONE) step = step(this);
    }
    return true;
  }

  /** Runs alone: drops its open choices, keeps its captures. */
  runAtomic(start: MachineStep): boolean {
    const base = this.#top;
    if (!this.run(start)) return false;
    let kept = base;
    for (let at = base; at < this.#top; at++) {
      if (this.#choices[at] !== undefined) continue;
      this.#first[kept] = this.#first[at] ?? 0;
      this.#second[kept] = this.#second[at] ?? 0;
      this.#choices[kept++] = undefined;
    }
    this.#top = kept;
    return true;
  }

  /** Tries a match and restores the state. */
  test(start: MachineStep): boolean {
    const base = this.#top;
    const { pos } = this;
    const matched = this.run(start);
    while (this.#top > base) this.#undo();
    this.pos = pos;
    return matched;
  }

  #retreat(base: number): MachineStep | undefined {
    while (this.#top > base) {
      const top = this.#top - 1;
      const step = this.#choices[top];
      if (step === undefined) {
        this.#undo();
        continue;
      }
      const pos = this.#first[top] ?? 0;
      this.pos = pos;
      if (pos > (this.#second[top] ?? 0)) this.#first[top] = pos - 1;
      else this.#top = top;
      return step;
    }
    return undefined;
  }

  #undo(): void {
    const top = this.#top - 1;
    if (this.#choices[top] === undefined) this.registers[this.#first[top] ?? 0] = this.#second[top] ?? -1;
    this.#top = top;
  }

  #push(step: MachineStep | undefined, first: number, second: number): void {
    this.#choices[this.#top] = step;
    this.#first[this.#top] = first;
    this.#second[this.#top] = second;
    this.#top++;
  }
}
