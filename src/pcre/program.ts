import { isAtBoundary } from "./boundary.ts";
import { DONE, type Machine, type MachineStep } from "./machine.ts";
import { type GroupRef, type Look, PatternError, type PatternNode, UnsupportedPattern } from "./node.ts";
import type { Parsed } from "./parse.ts";
import { repeatSet } from "./repeat-set.ts";
import { widthOf } from "./width.ts";

export interface Program {
  readonly start: MachineStep;
  readonly registers: number;
}

/** Roughly where PCRE says "regular expression is too large". */
const MOST_STEPS = 100_000;

interface Making {
  readonly parsed: Parsed;
  registers: number;
  steps: number;
}

/** @throws PatternError for a pattern that is too large, or a look-behind without a fixed width */
export function programOf(parsed: Parsed): Program {
  const making: Making = { parsed, registers: 2 * (parsed.groups + 1), steps: 0 };
  const start = stepsOf(making, parsed.node, DONE);
  return { start, registers: making.registers };
}

/** The first step of a node followed by `next`. Steps are built from last to first. */
function stepsOf(making: Making, node: PatternNode, next: MachineStep): MachineStep {
  if (++making.steps > MOST_STEPS) throw new UnsupportedPattern("the expression is too large to be run here");
  switch (node.kind) {
    case "set": {
      const { set } = node;
      return (machine) => {
        const { subject, pos } = machine;
        if (pos >= subject.length || set[subject.charCodeAt(pos)] !== 1) return undefined;
        machine.pos = pos + 1;
        return next;
      };
    }
    case "sequence":
      return node.items.reduceRight((behind, item) => stepsOf(making, item, behind), next);
    case "choice":
      return oneOf(node.branches.map((branch) => stepsOf(making, branch, next)));
    case "repeat":
      return repeatSteps(making, node, next);
    case "capture":
      return captureSteps(making, node.index, node.item, next);
    case "atomic": {
      const inner = stepsOf(making, node.item, DONE);
      return (machine) => (machine.runAtomic(inner) ? next : undefined);
    }
    case "look":
      return lookSteps(making, node, next, undefined);
    case "boundary":
      return (machine) => (isAtBoundary(node.boundary, machine.subject, machine.pos) ? next : undefined);
    case "reference":
      return referenceSteps(making, node, next);
    case "condition":
      return conditionSteps(making, node, next);
  }
}

function oneOf(branches: readonly MachineStep[]): MachineStep {
  return branches.reduceRight((others, branch) => (machine) => {
    machine.choice(others);
    return branch;
  });
}

type Repeat = Extract<PatternNode, { kind: "repeat" }>;

function repeatSteps(making: Making, { item, least, most, mode }: Repeat, next: MachineStep): MachineStep {
  if (item.kind === "set" && mode !== "lazy") return repeatSet(item.set, { least, most, mode }, next);
  if (mode === "possessive") {
    const inner = repeatSteps(making, { kind: "repeat", item, least, most, mode: "greedy" }, DONE);
    return (machine) => (machine.runAtomic(inner) ? next : undefined);
  }
  // As in PCRE: copies of the item; without an upper limit the last copy loops.
  let steps = next;
  let copies = least;
  if (most === Number.POSITIVE_INFINITY) {
    const loop = loopSteps(making, item, mode, next);
    steps = least === 0 ? either(mode, loop, next) : loop;
    copies = Math.max(0, least - 1);
  } else {
    for (let optional = least; optional < most; optional++)
      steps = either(mode, stepsOf(making, item, steps), next);
  }
  for (; copies > 0; copies--) steps = stepsOf(making, item, steps);
  return steps;
}

/** One or more times. An iteration that takes nothing is the last. */
function loopSteps(
  making: Making,
  item: PatternNode,
  mode: "greedy" | "lazy",
  next: MachineStep,
): MachineStep {
  const began = making.registers++;
  const again: MachineStep = (machine) => {
    if (machine.registers[began] === machine.pos) return next;
    return repeated(machine);
  };
  const body = stepsOf(making, item, again);
  const enter: MachineStep = (machine) => {
    machine.save(began, machine.pos);
    return body;
  };
  const repeated = either(mode, enter, next);
  return enter;
}

function either(mode: "greedy" | "lazy", more: MachineStep, less: MachineStep): MachineStep {
  const [first, second] = mode === "greedy" ? [more, less] : [less, more];
  return (machine) => {
    machine.choice(second);
    return first;
  };
}

/** A group keeps its old text until it matches again. */
function captureSteps(making: Making, index: number, item: PatternNode, next: MachineStep): MachineStep {
  const began = making.registers++;
  const close: MachineStep = (machine) => {
    machine.save(2 * index, machine.registers[began] ?? -1);
    machine.save(2 * index + 1, machine.pos);
    return next;
  };
  const inner = stepsOf(making, item, close);
  return (machine) => {
    machine.save(began, machine.pos);
    return inner;
  };
}

function lookSteps(
  making: Making,
  { direction, expects, item }: Look,
  next: MachineStep,
  otherwise: MachineStep | undefined,
): MachineStep {
  const branches = item.kind === "choice" ? item.branches : [item];
  const inner =
    direction === "ahead"
      ? stepsOf(making, item, DONE)
      : oneOf(branches.map((branch) => stepBack(widthOf(branch), stepsOf(making, branch, DONE))));
  if (expects === "no match") return (machine) => (machine.test(inner) ? otherwise : next);
  return (machine) => {
    const { pos } = machine;
    if (!machine.runAtomic(inner)) {
      machine.pos = pos;
      return otherwise;
    }
    machine.pos = pos;
    return next;
  };
}

function stepBack(width: number | undefined, inner: MachineStep): MachineStep {
  if (width === undefined) throw new PatternError("lookbehind assertion is not fixed length");
  return (machine) => {
    if (machine.pos < width) return undefined;
    machine.pos -= width;
    return inner;
  };
}

function numbersOf({ parsed }: Making, to: GroupRef): readonly number[] {
  return typeof to === "number" ? [to] : (parsed.names.get(to) ?? []);
}

/** The first set group of a name counts; a reference to an unset group fails. */
function setGroup(machine: Machine, numbers: readonly number[]): number | undefined {
  return numbers.find((number) => (machine.registers[2 * number + 1] ?? -1) >= 0);
}

type Reference = Extract<PatternNode, { kind: "reference" }>;

function referenceSteps(making: Making, { to, letters }: Reference, next: MachineStep): MachineStep {
  const numbers = numbersOf(making, to);
  const folded = (text: string) =>
    letters === "any case" ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
  return (machine) => {
    const number = setGroup(machine, numbers);
    if (number === undefined) return undefined;
    const { registers, subject, pos } = machine;
    const held = subject.slice(registers[2 * number], registers[2 * number + 1]);
    machine.spend(held.length >> 2);
    if (folded(subject.slice(pos, pos + held.length)) !== folded(held)) return undefined;
    machine.pos = pos + held.length;
    return next;
  };
}

type Condition = Extract<PatternNode, { kind: "condition" }>;

function conditionSteps(making: Making, { test, yes, no }: Condition, next: MachineStep): MachineStep {
  const [matched, missed] = [stepsOf(making, yes, next), stepsOf(making, no, next)];
  if (typeof test === "object") return lookSteps(making, test, matched, missed);
  const numbers = numbersOf(making, test);
  return (machine) => (setGroup(machine, numbers) === undefined ? missed : matched);
}
