/** One step of a pattern: what comes next, or `undefined` where it fails here and something else is to be tried. */
export type Step = (machine: Machine) => Step | undefined;

/** The step behind the last. */
export const DONE: Step = () => undefined;

/** Thrown when a match has taken all the steps it may. */
export const EXHAUSTED: unique symbol = Symbol("exhausted");

/** One match under way: where it is, what its groups hold, and what is left to be tried. */
export class Machine {
  readonly subject: string;
  pos = 0;
  /** Two for each group (its start and end, -1 for none), then what the steps keep for themselves. */
  readonly registers: number[];
  private left: number;
  /** What is left to be tried, and (without a step) which register to set back; `top` of them count. */
  private readonly choices: (Step | undefined)[] = [];
  private readonly first: number[] = [];
  private readonly second: number[] = [];
  private top = 0;

  constructor(subject: string, registers: number, steps: number) {
    this.subject = subject;
    this.registers = new Array<number>(registers).fill(-1);
    this.left = steps;
  }

  /** Where to go on from here if what comes fails. */
  choice(step: Step): void {
    this.range(step, this.pos, this.pos);
  }

  /** The same at each position from `last` down to `first`, in this order. */
  range(step: Step, last: number, first: number): void {
    this.push(step, last, first);
  }

  /** Sets a register; undone where something else is tried. */
  save(register: number, value: number): void {
    this.push(undefined, register, this.registers[register] ?? -1);
    this.registers[register] = value;
  }

  /** Counts work that a step does in a loop of its own. */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw EXHAUSTED;
  }

  /** Runs to `DONE`; `false`: every choice that was made since has failed, and all is as before. */
  run(start: Step): boolean {
    const base = this.top;
    let step: Step | undefined = start;
    while (step !== DONE) {
      if (step === undefined) {
        step = this.retreat(base);
        if (step === undefined) return false;
      }
      if (--this.left < 0) throw EXHAUSTED;
      if (step !== DONE) step = step(this);
    }
    return true;
  }

  /** Runs by itself: what is left to be tried in it is dropped, what it has captured stays. */
  runAtomic(start: Step): boolean {
    const base = this.top;
    if (!this.run(start)) return false;
    let kept = base;
    for (let at = base; at < this.top; at++) {
      if (this.choices[at] !== undefined) continue;
      this.first[kept] = this.first[at] ?? 0;
      this.second[kept] = this.second[at] ?? 0;
      this.choices[kept++] = undefined;
    }
    this.top = kept;
    return true;
  }

  /** Whether it matches; nothing of it stays. */
  test(start: Step): boolean {
    const base = this.top;
    const { pos } = this;
    const matched = this.run(start);
    while (this.top > base) this.undo();
    this.pos = pos;
    return matched;
  }

  private retreat(base: number): Step | undefined {
    while (this.top > base) {
      const top = this.top - 1;
      const step = this.choices[top];
      if (step === undefined) {
        this.undo();
        continue;
      }
      const pos = this.first[top] ?? 0;
      this.pos = pos;
      if (pos > (this.second[top] ?? 0)) this.first[top] = pos - 1;
      else this.top = top;
      return step;
    }
    return undefined;
  }

  private undo(): void {
    const top = this.top - 1;
    if (this.choices[top] === undefined) this.registers[this.first[top] ?? 0] = this.second[top] ?? -1;
    this.top = top;
  }

  private push(step: Step | undefined, first: number, second: number): void {
    this.choices[this.top] = step;
    this.first[this.top] = first;
    this.second[this.top] = second;
    this.top++;
  }
}
